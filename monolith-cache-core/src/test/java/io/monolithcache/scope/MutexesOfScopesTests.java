// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import jakarta.annotation.PostConstruct;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A scope makes its beans under one mutex and its directory under another, and calls strangers under both. */
class MutexesOfScopesTests extends ScopesOfOneManager {

    @CacheScope
    static class Loaded {

        private final CacheScopes scopes;
        private final ExecutorService others;
        private final List<Path> loaded = new ArrayList<>();

        Loaded(CacheScopes scopes, ExecutorService others) {
            this.scopes = scopes;
            this.others = others;
        }

        @PostConstruct
        void load() throws Exception {
            Callable<Path> part = () -> scopes.directory().path();
            for (int i = 0; i < 2; i++) {
                loaded.add(others.submit(scopes.wrap(part)).get(10, TimeUnit.SECONDS));
            }
        }

        List<Path> loaded() {
            return loaded;
        }
    }

    @Test
    void aBeanMayWaitForThreadsThatUseTheDirectoryWhileItIsMade() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getBeanFactory().registerScope(CacheBeanScope.NAME, new CacheBeanScope(() -> scopes));
            context.registerBean(CacheScopes.class, () -> scopes);
            context.registerBean(
                    ExecutorService.class, () -> others, definition -> definition.setDestroyMethodName(""));
            context.register(Loaded.class);
            context.refresh();
            Loaded bean = context.getBean(Loaded.class);

            scopes.run(() -> assertThat(bean.loaded()).containsExactly(here(), here()));
        }
        assertThat(directories()).isZero();
    }

    /** Asks the innermost scope for its directory when it hears that one was made. */
    private static final class Curious implements CacheListener {

        private final List<CacheId> created = new CopyOnWriteArrayList<>();
        private final List<Object> answers = new CopyOnWriteArrayList<>();
        private volatile CacheScopes scopes;

        @Override
        public void created(CacheId id, URI location) {
            created.add(id);
            try {
                answers.add(scopes.directory().id());
            } catch (IllegalStateException refused) {
                answers.add(refused.getMessage());
            }
        }
    }

    @Test
    void aListenerThatAsksForTheDirectoryThatIsBeingMadeIsToldSo() {
        Curious curious = new Curious();
        try (CacheManager heard = CacheManager.builder()
                .root(root.resolve("heard"))
                .listener(curious)
                .build()) {
            CacheScopes scopesHeard = new CacheScopes(heard);
            curious.scopes = scopesHeard;

            scopesHeard.run(() -> {
                CacheId id = scopesHeard.directory().id();

                assertThat(curious.created).containsExactly(id);
                assertThat(curious.answers)
                        .singleElement()
                        .asString()
                        .contains("is being made")
                        .contains("finds it in the event");
                assertThat(scopesHeard.directory().path()).isDirectory();
            });

            assertThat(heard.list(null, 10)).isEmpty();
            assertThat(heard.held()).isZero();
        }
    }
}
