// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import reactor.core.publisher.ConnectableFlux;

/** What the annotation cannot be on, which is said before anything runs. */
class RefusedMethodsTests extends ScopesOfOneManager {

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

    interface Two {
        boolean first();

        Future<String> result();
    }

    @InCacheScope
    static class OneIsRefused implements Two {
        @Override
        public boolean first() {
            return true;
        }

        @Override
        public Future<String> result() {
            throw new AssertionError();
        }
    }

    static class OneOfTwoMethodsIsRefused implements Two {
        @Override
        @InCacheScope
        public boolean first() {
            return true;
        }

        @Override
        @InCacheScope
        public final Future<String> result() {
            throw new AssertionError();
        }
    }

    static List<Object> refusedBesideOthers() {
        return List.of(new OneIsRefused(), new OneOfTwoMethodsIsRefused());
    }

    @ParameterizedTest
    @MethodSource("refusedBesideOthers")
    void whatIsRefusedIsSoWhateverElseIsFoundFirst(Object bean) {
        for (int i = 0; i < 2; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Proxies.ofInterfaces(scopes, bean))
                    .withMessageContaining(bean.getClass().getSimpleName() + ".result()");
        }
    }

    @InCacheScope
    class WithHelpers {
        boolean isOpen() {
            return scopes.isOpen() && ofTheClass().isDone() && ofTheObject().isDone() && last().isDone();
        }

        static Future<String> ofTheClass() {
            return CompletableFuture.completedFuture("");
        }

        private Future<String> ofTheObject() {
            return CompletableFuture.completedFuture("");
        }

        final Future<String> last() {
            return CompletableFuture.completedFuture("");
        }
    }

    @Test
    void helpersThatNoProxyIsAskedForAreNotRefused() {
        assertThat(Proxies.of(scopes, new WithHelpers()).isOpen()).isTrue();
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
}
