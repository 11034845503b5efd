// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.springframework.util.ClassUtils;

/** What works on the class path of its own class loader, told in types of the JDK, which all class loaders share. */
public final class WithoutReactorProbe {

    private WithoutReactorProbe() {}

    public static List<String> probe(String root) throws Exception {
        List<String> seen = new ArrayList<>();
        seen.add("Reactor "
                + ClassUtils.isPresent("org.reactivestreams.Publisher", WithoutReactorProbe.class.getClassLoader()));
        try (CacheManager manager = CacheManager.builder().root(Path.of(root)).build()) {
            CacheScopes scopes = new CacheScopes(manager);
            scopes.run(() -> seen.add(scopes.directory().path().toFile().isDirectory() ? "run" : "nothing"));
            Work work = Proxies.of(scopes, new Work(scopes));
            seen.add(work.method());
            CompletableFuture<String> future = new CompletableFuture<>();
            CompletableFuture<String> same = work.future(future);
            future.complete("future");
            seen.add(same.join());
            seen.add("stream " + work.stream().count());
            try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
                scopes.call(() -> publisher);
            } catch (IllegalStateException refused) {
                seen.add("result " + coordinates(refused));
            }
            try {
                Proxies.of(scopes, new Publishing());
            } catch (IllegalStateException refused) {
                seen.add("declared " + coordinates(refused));
            }
            seen.add("left " + manager.list(null, 10).size());
        }
        return seen;
    }

    private static String coordinates(IllegalStateException refused) {
        String named = "io.projectreactor:reactor-core";
        return String.valueOf(refused.getMessage()).contains(named) ? named : String.valueOf(refused.getMessage());
    }

    static class Work {

        private final CacheScopes scopes;

        Work(CacheScopes scopes) {
            this.scopes = scopes;
        }

        @InCacheScope
        String method() {
            return scopes.directory().path().toFile().isDirectory() ? "method" : "nothing";
        }

        @InCacheScope
        CompletableFuture<String> future(CompletableFuture<String> future) {
            scopes.directory().path();
            return future;
        }

        @InCacheScope
        Stream<Path> stream() {
            return Stream.of(scopes.directory().path());
        }
    }

    static class Publishing {
        @InCacheScope
        Flow.Publisher<String> publisher() {
            return new SubmissionPublisher<>();
        }
    }
}
