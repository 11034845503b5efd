// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Scopes that end with subscriptions. */
class ReactiveScopesTests extends ScopesOfOneManager {

    private Reports reports;

    @BeforeEach
    void proxy() {
        reports = Proxies.of(scopes, new Reports(scopes));
    }

    static class Reports {

        private final CacheScopes scopes;
        final List<Path> made = new CopyOnWriteArrayList<>();

        Reports(CacheScopes scopes) {
            this.scopes = scopes;
        }

        List<Path> made() {
            return made;
        }

        private Path here() {
            Path path = scopes.directory().path();
            made.add(path);
            return path;
        }

        @InCacheScope
        Mono<Boolean> one() {
            Path path = here();
            return Mono.fromCallable(() -> path.toFile().isDirectory());
        }

        @InCacheScope
        Flux<Path> many() {
            Path path = here();
            return Flux.just(path, path);
        }

        @InCacheScope
        Flux<Path> never() {
            Path path = here();
            return Flux.concat(Flux.just(path), Flux.never());
        }

        @InCacheScope
        Mono<String> failing() {
            here();
            return Mono.error(new ArithmeticException());
        }

        @InCacheScope
        Mono<String> throwing() throws IOException {
            here();
            throw new IOException("while it is assembled");
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Mono<Path> own() {
            return Mono.just(here());
        }

        @InCacheScope
        Object hidden() {
            Path path = here();
            return Flux.just(path);
        }
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        Mono<Boolean> one = reports.one();
        assertThat(reports.made()).isEmpty();
        assertThat(one.block()).isTrue();
        assertThat(reports.made()).hasSize(1);
    }

    @Test
    void theScopeEndsWhenTheSubscriptionCompletes() {
        StepVerifier.create(reports.many().map(path -> path.toFile().isDirectory()))
                .expectNext(true, true)
                .verifyComplete();
        assertThat(directories()).isZero();
    }

    @Test
    void theScopeEndsWhenTheSubscriptionFails() {
        StepVerifier.create(reports.failing()).verifyError(ArithmeticException.class);
        assertThat(reports.made()).hasSize(1);
        assertThat(directories()).isZero();
    }

    @Test
    void theScopeEndsWhenTheMethodThrows() {
        StepVerifier.create(throwing()).verifyErrorMessage("while it is assembled");
        assertThat(reports.made()).hasSize(1);
        assertThat(directories()).isZero();
    }

    private Mono<String> throwing() {
        try {
            return reports.throwing();
        } catch (IOException early) {
            throw new AssertionError("It ran before it was subscribed to", early);
        }
    }

    @Test
    void theScopeEndsWhenTheSubscriptionIsCancelled() {
        List<Path> seen = new ArrayList<>();
        Disposable subscription = reports.never().subscribe(seen::add);
        assertThat(seen).singleElement().satisfies(path -> assertThat(path).isDirectory());
        subscription.dispose();
        assertThat(directories()).isZero();
    }

    @Test
    void theEndComesBeforeTheCompletion() {
        AtomicReference<Integer> atTheEnd = new AtomicReference<>();
        reports.many().doOnComplete(() -> atTheEnd.set(directories())).blockLast();
        assertThat(atTheEnd).hasValue(0);
    }

    @Test
    void eachSubscriptionHasAScopeOfItsOwn() {
        Mono<Boolean> one = reports.one();
        assertThat(one.repeat(2).collectList().block()).containsExactly(true, true, true);
        assertThat(reports.made()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void subscriptionsAtTheSameTimeDoNotMeet() {
        Set<Path> paths = ConcurrentHashMap.newKeySet();
        Flux.range(0, 200)
                .flatMap(
                        number -> Mono.defer(() -> reports.own().doOnNext(paths::add))
                                .subscribeOn(Schedulers.boundedElastic()),
                        50)
                .blockLast();
        assertThat(paths).hasSize(200);
        assertThat(directories()).isZero();
    }

    @Test
    void aScopeThatIsOpenAtTheSubscriptionIsJoinedAndHeld() {
        List<Path> seen = new ArrayList<>();
        List<Disposable> subscription = new ArrayList<>();
        scopes.run(() -> {
            here();
            subscription.add(reports.never().subscribe(seen::add));
            assertThat(seen).containsExactly(here());
        });
        assertThat(seen.get(0)).isDirectory();
        subscription.get(0).dispose();
        assertThat(seen.get(0)).doesNotExist();
    }

    @Test
    void theScopeOfTheContextIsJoined() {
        try (OpenScope scope = scopes.begin()) {
            Path path = scope.directory().path();
            assertThat(reports.many()
                            .contextWrite(context -> context.put(CacheScopeThreadLocalAccessor.KEY, scope.visibility()))
                            .blockFirst())
                    .isEqualTo(path);
            assertThat(path).isDirectory();
        }
    }

    @Test
    void aScopeThatHasEndedIsNotJoined() {
        OpenScope scope = scopes.begin();
        scope.close();
        assertThat(reports.one()
                        .contextWrite(context -> context.put(CacheScopeThreadLocalAccessor.KEY, scope.visibility()))
                        .block())
                .isTrue();
    }

    @Test
    void aMethodMayAskForAScopeOfItsOwn() {
        scopes.run(() -> assertThat(reports.own().block()).isNotEqualTo(here()).doesNotExist());
    }

    @Test
    void theScopeIsInTheContextOfWhatTheMethodReturns() {
        Source source = Proxies.of(scopes, new Source());
        assertThat(source.context().block()).isTrue();
    }

    static class Source {
        @InCacheScope
        Mono<Boolean> context() {
            return Mono.deferContextual(context -> Mono.just(context.hasKey(CacheScopeThreadLocalAccessor.KEY)));
        }
    }

    @Test
    void anEndThatMayBlockLeavesTheThreadsThatMayNot() {
        AtomicReference<String> thread = new AtomicReference<>();
        CacheBeanScope beans = new CacheBeanScope(() -> scopes);
        Held held = Proxies.of(scopes, new Held(beans, thread));
        assertThat(held.result().publishOn(Schedulers.parallel()).block(Duration.ofSeconds(30)))
                .isEqualTo("done");
        assertThat(thread.get()).startsWith("boundedElastic");
    }

    static class Held {

        private final CacheBeanScope beans;
        private final AtomicReference<String> thread;

        Held(CacheBeanScope beans, AtomicReference<String> thread) {
            this.beans = beans;
            this.thread = thread;
        }

        @InCacheScope
        Mono<String> result() {
            beans.registerDestructionCallback(
                    "bean", () -> thread.set(Thread.currentThread().getName()));
            return Mono.just("done").publishOn(Schedulers.parallel());
        }
    }

    // ---- results whose type is not known before

    @Test
    void theScopeOfACallEndsWithTheFirstSubscription() throws Exception {
        Flux<Path> paths = scopes.call(() -> Flux.just(here()));
        assertThat(directories()).isOne();
        StepVerifier.create(paths.map(path -> path.toFile().isDirectory()))
                .expectNext(true)
                .verifyComplete();
        assertThat(directories()).isZero();
        StepVerifier.create(paths)
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has ended"));
    }

    @Test
    void theScopeOfACallEndsWithAMonoToo() throws Exception {
        Mono<Path> path = scopes.call(() -> Mono.just(here()));
        assertThat(path.block()).doesNotExist();
    }

    @Test
    void theScopeOfACallEndsWhenNobodyCanSubscribeAnyMore() throws Exception {
        callAndDrop();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return directories() == 0;
        });
    }

    /** A method of its own, so that no variable keeps the publisher reachable. */
    private void callAndDrop() throws Exception {
        Flux<Path> unused = scopes.call(() -> Flux.just(here()));
        assertThat(directories()).isOne();
    }

    @Test
    void aMethodThatHidesWhatItReturnsIsTreatedAsACall() {
        Object hidden = reports.hidden();
        assertThat(directories()).isOne();
        assertThat(((Flux<?>) hidden).collectList().block()).hasSize(1);
        assertThat(directories()).isZero();
    }
}
