// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;

/** What becomes of a method with the annotation. */
class InCacheScopeTests extends ScopesOfOneManager {

    class OnMethods {
        @InCacheScope
        Path joining() {
            return here();
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Path own() {
            return here();
        }

        @InCacheScope
        Path failing() {
            throw new IllegalArgumentException(here().toString());
        }

        boolean plain() {
            return scopes.isOpen();
        }

        @InCacheScope
        CompletableFuture<Path> later(CompletableFuture<Path> result) {
            here();
            return result;
        }

        @InCacheScope
        Stream<Path> stream() {
            return Stream.of(here());
        }
    }

    @Test
    void aMethodRunsInAScope() {
        assertThat(Proxies.of(scopes, new OnMethods()).joining()).doesNotExist();
        assertThat(directories()).isZero();
    }

    @Test
    void aMethodWithoutTheAnnotationDoesNot() {
        assertThat(Proxies.of(scopes, new OnMethods()).plain()).isFalse();
    }

    @Test
    void aMethodJoinsTheScopeThatIsOpen() {
        OnMethods work = Proxies.of(scopes, new OnMethods());
        scopes.run(() -> {
            assertThat(work.joining()).isEqualTo(here()).isDirectory();
            assertThat(work.joining()).isEqualTo(here()).isDirectory();
        });
    }

    @Test
    void aMethodThatAsksForItHasAScopeOfItsOwn() {
        OnMethods work = Proxies.of(scopes, new OnMethods());
        scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()).doesNotExist());
    }

    @Test
    void aScopeThatIsMerelySeenIsHeldWhileItIsJoined() throws Exception {
        OnMethods work = Proxies.of(scopes, new OnMethods());
        CompletableFuture<Path> result = new CompletableFuture<>();
        OpenScope scope = scopes.begin();
        try (OpenScope.Visible visible = scope.enter()) {
            CompletableFuture<Path> unused = work.later(result);
        }
        scope.close();
        assertThat(directories()).isOne();
        result.complete(null);
        assertThat(directories()).isZero();
    }

    @Test
    void aScopeThatHasEndedIsNotJoined() {
        OnMethods work = Proxies.of(scopes, new OnMethods());
        OpenScope scope = scopes.begin();
        Path path = scope.directory().path();
        try (OpenScope.Visible visible = scope.enter()) {
            scope.close();
            assertThat(work.joining()).isNotEqualTo(path);
        }
    }

    @Test
    void theScopeEndsWhenTheMethodThrows() {
        OnMethods work = Proxies.of(scopes, new OnMethods());
        assertThatRuntimeException()
                .isThrownBy(work::failing)
                .satisfies(failure -> assertThat(Path.of(failure.getMessage())).doesNotExist());
    }

    @Test
    void theScopeEndsWithTheResult() {
        OnMethods work = Proxies.of(scopes, new OnMethods());
        CompletableFuture<Path> result = new CompletableFuture<>();
        assertThat(work.later(result)).isSameAs(result);
        assertThat(directories()).isOne();
        result.cancel(false);
        assertThat(directories()).isZero();
        assertThat(work.stream().map(path -> path.toFile().isDirectory())).containsExactly(true);
        assertThat(directories()).isZero();
    }

    class AsyncFuture {
        @Async
        @InCacheScope
        Future<Path> result() {
            return CompletableFuture.completedFuture(here());
        }
    }

    @Async
    class AsyncClass {
        @InCacheScope
        Future<Path> result() {
            return CompletableFuture.completedFuture(here());
        }
    }

    @Test
    void theFutureOfAnAsyncMethodIsDoneWhenItsBodyReturns() throws Exception {
        assertThat(Proxies.of(scopes, new AsyncFuture()).result().get()).doesNotExist();
        assertThat(Proxies.of(scopes, new AsyncClass()).result().get()).doesNotExist();
    }

    class Publishers {
        @InCacheScope
        Publisher<Path> publisher() {
            return Flux.just(here());
        }

        @InCacheScope
        Flow.Publisher<Path> flow() {
            return org.reactivestreams.FlowAdapters.toFlowPublisher(Flux.just(here()));
        }
    }

    @Test
    void publishersOfEveryKindRunInAScopePerSubscription() {
        Publishers work = Proxies.of(scopes, new Publishers());
        Publisher<Path> publisher = work.publisher();
        Flow.Publisher<Path> flow = work.flow();
        assertThat(root).isEmptyDirectory();
        assertThat(Flux.from(publisher).blockFirst()).doesNotExist();
        assertThat(Flux.from(org.reactivestreams.FlowAdapters.toPublisher(flow)).blockFirst())
                .doesNotExist();
        assertThat(directories()).isZero();
    }

    @Test
    void eachSubscriptionRunsWhatElseIsAroundTheMethod() {
        List<Boolean> inside = new ArrayList<>();
        ProxyFactory factory = new ProxyFactory(new Publishers());
        factory.addAdvice(new InCacheScopeInterceptor(() -> scopes, new ScopedMethods()));
        factory.addAdvice((MethodInterceptor) invocation -> {
            inside.add(scopes.isOpen());
            return invocation.proceed();
        });
        Publisher<Path> publisher = ((Publishers) factory.getProxy()).publisher();
        Path first = Flux.from(publisher).blockFirst();
        assertThat(Flux.from(publisher).blockFirst()).isNotEqualTo(first);
        assertThat(inside).containsExactly(true, true);
    }
}
