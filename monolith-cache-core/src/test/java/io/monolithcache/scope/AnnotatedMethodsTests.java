// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.integration.samples.desk.SampleOfSprings;

/** Where the annotation is found, and on which proxies. */
class AnnotatedMethodsTests extends ScopesOfOneManager {

    class Work {
        Path path() {
            return here();
        }

        boolean isOpen() {
            return scopes.isOpen();
        }
    }

    @Test
    void aBeanWithoutTheAnnotationIsNoProxy() {
        Work work = new Work();
        assertThat(Proxies.of(scopes, work)).isSameAs(work);
    }

    @InCacheScope
    class OnTheClass extends Work {
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
        OnTheClass work = Proxies.of(scopes, new OnTheClass());
        assertThat(work.isOpen()).isTrue();
        scopes.run(() -> assertThat(work.joining()).isEqualTo(here()));
    }

    @Test
    void theMethodWinsOverItsClass() {
        OnTheClass work = Proxies.of(scopes, new OnTheClass());
        scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()));
    }

    @Test
    void aBeanIsPrintedWithoutAScope() {
        assertThat(Proxies.of(scopes, new OnTheClass())).hasToString("open: false");
    }

    class Inheriting extends OnTheClass {}

    @Test
    void aClassInheritsTheAnnotation() {
        assertThat(Proxies.of(scopes, new Inheriting()).isOpen()).isTrue();
    }

    interface Contract {
        @InCacheScope
        boolean isOpen();
    }

    final class Fulfilled implements Contract {
        @Override
        public boolean isOpen() {
            return scopes.isOpen();
        }
    }

    @Test
    void theAnnotationIsFoundOnAnInterface() {
        InCacheScopeBeanPostProcessor processor = new InCacheScopeBeanPostProcessor(() -> scopes);
        Contract proxy = (Contract) processor.postProcessAfterInitialization(new Fulfilled(), "bean");
        assertThat(AopUtils.isJdkDynamicProxy(proxy)).isTrue();
        assertThat(proxy.isOpen()).isTrue();
    }

    class Unaware {
        public boolean isOpen() {
            return scopes.isOpen();
        }
    }

    class FulfilledByItsSuperclass extends Unaware implements Contract {}

    @Test
    void theAnnotationIsFoundOnAnInterfaceThatASuperclassImplementsUnawares() {
        assertThat(Proxies.of(scopes, new FulfilledByItsSuperclass()).isOpen()).isTrue();
        Contract proxy = (Contract) Proxies.ofInterfaces(scopes, new FulfilledByItsSuperclass());
        assertThat(proxy.isOpen()).isTrue();
    }

    interface Generic<T> {
        @InCacheScope
        boolean isOpen(T with);
    }

    class UnawareOfStrings {
        public boolean isOpen(String with) {
            return scopes.isOpen();
        }

        public boolean isOpen(Integer with) {
            return scopes.isOpen();
        }
    }

    class GenericBySuperclass extends UnawareOfStrings implements Generic<String> {}

    @Test
    void whatASuperclassImplementsIsToldFromItsOverloads() {
        GenericBySuperclass work = Proxies.of(scopes, new GenericBySuperclass());
        assertThat(work.isOpen("")).isTrue();
        assertThat(work.isOpen(1)).isFalse();
    }

    interface Isolating {
        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Path path();
    }

    class PublicWork {
        public Path path() {
            return here();
        }
    }

    @InCacheScope
    class OnTheClassAndTheInterface extends PublicWork implements Isolating {}

    @Test
    void theMethodOfTheInterfaceWinsOverTheClassToo() {
        OnTheClassAndTheInterface work = Proxies.of(scopes, new OnTheClassAndTheInterface());
        scopes.run(() -> assertThat(work.path()).isNotEqualTo(here()));
    }

    @Test
    void samplesOfSpringsAreLookedAt() {
        assertThat(Proxies.of(scopes, new SampleOfSprings(scopes)).isOpen()).isTrue();
    }

    @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Isolated {}

    class Composed extends Work {
        @Isolated
        Path own() {
            return path();
        }
    }

    @Test
    void theAnnotationMayBePartOfAnother() {
        Composed work = Proxies.of(scopes, new Composed());
        scopes.run(() -> assertThat(work.own()).isNotEqualTo(here()));
    }

    @Test
    void aMethodThatIsProxiedForOthersPassesThrough() {
        ScopedMethods methods = new ScopedMethods();
        ProxyFactory factory = new ProxyFactory(new Work());
        factory.addAdvice(new InCacheScopeInterceptor(() -> scopes, methods));
        assertThat(((Work) factory.getProxy()).isOpen()).isFalse();
    }

    @Test
    void aProxyWithoutATargetGoesByTheMethod() {
        ProxyFactory factory = new ProxyFactory(Contract.class, (org.aopalliance.intercept.Interceptor)
                new InCacheScopeInterceptor(() -> scopes, new ScopedMethods()));
        factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) invocation -> scopes.isOpen());
        assertThat(((Contract) factory.getProxy()).isOpen()).isTrue();
    }

    @CacheScope(proxyMode = ScopedProxyMode.TARGET_CLASS)
    static class ScopedWork {

        private final CacheScopes scopes;

        ScopedWork(CacheScopes scopes) {
            this.scopes = scopes;
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        Path own() {
            return scopes.directory().path();
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
