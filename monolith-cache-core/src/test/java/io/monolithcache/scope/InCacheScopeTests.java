// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;

/** Where the annotation is found, and what the proxy does. */
class InCacheScopeTests extends ScopesOfOneManager {

    static class Work {

        private final CacheScopes scopes;

        Work(CacheScopes scopes) {
            this.scopes = scopes;
        }

        Path path() {
            return scopes.directory().path();
        }

        boolean isOpen() {
            return scopes.isOpen();
        }
    }

    static class OnMethods extends Work {

        OnMethods(CacheScopes scopes) {
            super(scopes);
        }

        @InCacheScope
        Path joining() {
            return path();
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Path own() {
            return path();
        }

        @InCacheScope
        Path failing() {
            throw new IllegalArgumentException(path().toString());
        }

        boolean plain() {
            return isOpen();
        }

        @InCacheScope
        CompletableFuture<Path> later(CompletableFuture<Path> result) {
            path();
            return result;
        }

        @InCacheScope
        Stream<Path> stream() {
            return Stream.of(path());
        }
    }

    @Test
    void aMethodRunsInAScope() {
        assertThat(Proxies.of(scopes, new OnMethods(scopes)).joining()).doesNotExist();
        assertThat(directories()).isZero();
    }

    @Test
    void aMethodWithoutTheAnnotationDoesNot() {
        assertThat(Proxies.of(scopes, new OnMethods(scopes)).plain()).isFalse();
    }

    @Test
    void aMethodJoinsTheScopeThatIsOpen() {
        OnMethods work = Proxies.of(scopes, new OnMethods(scopes));
        scopes.run(() -> {
            assertThat(work.joining()).isEqualTo(here()).isDirectory();
            assertThat(work.joining()).isEqualTo(here()).isDirectory();
        });
    }

    @Test
    void aMethodThatAsksForItHasAScopeOfItsOwn() {
        OnMethods work = Proxies.of(scopes, new OnMethods(scopes));
        scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()).doesNotExist());
    }

    @Test
    void aScopeThatIsMerelySeenIsHeldWhileItIsJoined() throws Exception {
        OnMethods work = Proxies.of(scopes, new OnMethods(scopes));
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
        OnMethods work = Proxies.of(scopes, new OnMethods(scopes));
        OpenScope scope = scopes.begin();
        Path path = scope.directory().path();
        try (OpenScope.Visible visible = scope.enter()) {
            scope.close();
            assertThat(work.joining()).isNotEqualTo(path);
        }
    }

    @Test
    void theScopeEndsWhenTheMethodThrows() {
        OnMethods work = Proxies.of(scopes, new OnMethods(scopes));
        assertThatRuntimeException()
                .isThrownBy(work::failing)
                .satisfies(failure -> assertThat(Path.of(failure.getMessage())).doesNotExist());
    }

    @Test
    void theScopeEndsWithTheResult() {
        OnMethods work = Proxies.of(scopes, new OnMethods(scopes));
        CompletableFuture<Path> result = new CompletableFuture<>();
        assertThat(work.later(result)).isSameAs(result);
        assertThat(directories()).isOne();
        result.cancel(false);
        assertThat(directories()).isZero();
        assertThat(work.stream().map(path -> path.toFile().isDirectory())).containsExactly(true);
        assertThat(directories()).isZero();
    }

    @InCacheScope
    static class OnTheClass extends Work {

        OnTheClass(CacheScopes scopes) {
            super(scopes);
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Path own() {
            return path();
        }

        Path joining() {
            return path();
        }

        @Override
        public String toString() {
            return "open: " + isOpen();
        }
    }

    @Test
    void everyMethodOfAClassRunsInAScope() {
        OnTheClass work = Proxies.of(scopes, new OnTheClass(scopes));
        assertThat(work.isOpen()).isTrue();
        scopes.run(() -> assertThat(work.joining()).isEqualTo(here()));
    }

    @Test
    void theMethodWinsOverItsClass() {
        OnTheClass work = Proxies.of(scopes, new OnTheClass(scopes));
        scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()));
    }

    @Test
    void aBeanIsPrintedWithoutAScope() {
        assertThat(Proxies.of(scopes, new OnTheClass(scopes))).hasToString("open: false");
    }

    static class Inheriting extends OnTheClass {
        Inheriting(CacheScopes scopes) {
            super(scopes);
        }
    }

    @Test
    void aClassInheritsTheAnnotation() {
        assertThat(Proxies.of(scopes, new Inheriting(scopes)).isOpen()).isTrue();
    }

    interface Contract {
        @InCacheScope
        boolean isOpen();
    }

    static final class Fulfilled implements Contract {

        private final CacheScopes scopes;

        Fulfilled(CacheScopes scopes) {
            this.scopes = scopes;
        }

        @Override
        public boolean isOpen() {
            return scopes.isOpen();
        }
    }

    @Test
    void theAnnotationIsFoundOnAnInterface() {
        InCacheScopeBeanPostProcessor processor = new InCacheScopeBeanPostProcessor(() -> scopes);
        Contract proxy = (Contract) processor.postProcessAfterInitialization(new Fulfilled(scopes), "bean");
        assertThat(AopUtils.isJdkDynamicProxy(proxy)).isTrue();
        assertThat(proxy.isOpen()).isTrue();
    }

    @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Isolated {}

    static class Composed extends Work {
        Composed(CacheScopes scopes) {
            super(scopes);
        }

        @Isolated
        Path own() {
            return path();
        }
    }

    @Test
    void theAnnotationMayBePartOfAnother() {
        Composed work = Proxies.of(scopes, new Composed(scopes));
        scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()));
    }

    @Test
    void aBeanWithoutTheAnnotationIsNoProxy() {
        Work work = new Work(scopes);
        assertThat(Proxies.of(scopes, work)).isSameAs(work);
    }

    @Test
    void aMethodThatIsProxiedForOthersPassesThrough() {
        ScopedMethods methods = new ScopedMethods();
        ProxyFactory factory = new ProxyFactory(new Work(scopes));
        factory.addAdvice(new InCacheScopeInterceptor(() -> scopes, methods));
        assertThat(((Work) factory.getProxy()).isOpen()).isFalse();
    }

    @Test
    void aProxyWithoutATargetGoesByTheMethod() {
        ProxyFactory factory = new ProxyFactory(Contract.class, (org.aopalliance.intercept.Interceptor)
                new InCacheScopeInterceptor(() -> scopes, new ScopedMethods()));
        factory.addAdvice((MethodInterceptor) invocation -> scopes.isOpen());
        assertThat(((Contract) factory.getProxy()).isOpen()).isTrue();
    }

    // ---- what is refused before anything runs

    static class PlainFuture {
        @InCacheScope
        Future<String> result() {
            throw new AssertionError();
        }
    }

    static class Hot {
        @InCacheScope
        ConnectableFlux<String> result() {
            throw new AssertionError();
        }
    }

    static List<Object> refused() {
        return List.of(new PlainFuture(), new Hot());
    }

    @ParameterizedTest
    @MethodSource
    void refused(Object bean) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Proxies.of(scopes, bean))
                .withMessageContaining("@InCacheScope cannot be on")
                .withMessageContaining(bean.getClass().getSimpleName() + ".result()")
                .withMessageContaining("Return");
    }

    @Test
    void aContextDoesNotStartWithWhatIsRefused() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(
                    InCacheScopeBeanPostProcessor.class, () -> new InCacheScopeBeanPostProcessor(() -> scopes));
            context.registerBean(PlainFuture.class);
            assertThatRuntimeException()
                    .isThrownBy(context::refresh)
                    .havingRootCause()
                    .withMessageContaining("Return a CompletableFuture");
        }
    }

    static class AsyncFuture extends Work {
        AsyncFuture(CacheScopes scopes) {
            super(scopes);
        }

        @Async
        @InCacheScope
        Future<Path> result() {
            return CompletableFuture.completedFuture(path());
        }
    }

    @Async
    static class AsyncClass extends Work {
        AsyncClass(CacheScopes scopes) {
            super(scopes);
        }

        @InCacheScope
        Future<Path> result() {
            return CompletableFuture.completedFuture(path());
        }
    }

    @Test
    void theFutureOfAnAsyncMethodIsDoneWhenItsBodyReturns() throws Exception {
        assertThat(Proxies.of(scopes, new AsyncFuture(scopes)).result().get()).doesNotExist();
        assertThat(Proxies.of(scopes, new AsyncClass(scopes)).result().get()).doesNotExist();
    }

    static class Publishers extends Work {
        Publishers(CacheScopes scopes) {
            super(scopes);
        }

        @InCacheScope
        Publisher<Path> publisher() {
            return Flux.just(path());
        }

        @InCacheScope
        Flow.Publisher<Path> flow() {
            return org.reactivestreams.FlowAdapters.toFlowPublisher(Flux.just(path()));
        }
    }

    @Test
    void publishersOfEveryKindRunInAScopePerSubscription() {
        Publishers work = Proxies.of(scopes, new Publishers(scopes));
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
        ProxyFactory factory = new ProxyFactory(new Publishers(scopes));
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

    // ---- scoped proxies

    @CacheScope(proxyMode = ScopedProxyMode.TARGET_CLASS)
    static class ScopedWork extends Work {
        ScopedWork(CacheScopes scopes) {
            super(scopes);
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Path own() {
            return path();
        }
    }

    @Test
    void aScopedBeanMayHaveScopedMethods() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getBeanFactory().registerScope(CacheBeanScope.NAME, new CacheBeanScope(() -> scopes));
            context.registerBean(CacheScopes.class, () -> scopes);
            context.registerBean(
                    InCacheScopeBeanPostProcessor.class, () -> new InCacheScopeBeanPostProcessor(() -> scopes));
            context.register(ScopedWork.class);
            context.refresh();
            ScopedWork work = context.getBean(ScopedWork.class);
            scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()));
        }
    }
}
