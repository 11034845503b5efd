// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.LogWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.ScopeNotActiveException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Beans that live in a cache scope. */
class CacheScopeBeanTests extends ScopesOfOneManager {

    private final List<String> events = new ArrayList<>();

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @BeforeEach
    void open() {
        context.getBeanFactory().registerScope(CacheBeanScope.NAME, new CacheBeanScope(() -> scopes));
        context.registerBean(CacheScopes.class, () -> scopes);
        context.registerBean("events", List.class, () -> events);
        context.register(Work.class, Notes.class, Desk.class);
        context.refresh();
    }

    @AfterEach
    void close() {
        context.close();
    }

    /** A singleton that is given proxies. */
    record Desk(Work work, Notes notes) {}

    @CacheScope
    static class Work implements DisposableBean {

        private static final AtomicInteger MADE = new AtomicInteger();

        private final int number = MADE.incrementAndGet();
        private final CacheScopes scopes;
        private final List<String> events;

        Work(CacheScopes scopes, List<String> events) {
            this.scopes = scopes;
            this.events = events;
        }

        int number() {
            return number;
        }

        @Override
        public void destroy() {
            events.add("work " + scopes.directory().path().toFile().isDirectory());
        }
    }

    @CacheScope
    static class Notes implements DisposableBean {

        private final Work work;
        private final List<String> events;

        Notes(Work work, List<String> events) {
            this.work = work;
            this.events = events;
        }

        int number() {
            return work.number();
        }

        @Override
        public void destroy() {
            events.add("notes");
        }
    }

    private Desk desk() {
        return context.getBean(Desk.class);
    }

    @Test
    void aScopeHasOneInstance() {
        scopes.run(() -> {
            int number = desk().work().number();
            assertThat(desk().work().number()).isEqualTo(number);
            assertThat(desk().notes().number()).isEqualTo(number);
        });
    }

    @Test
    void eachScopeHasAnInstanceOfItsOwn() {
        scopes.run(() -> {
            int outer = desk().work().number();
            scopes.run(() -> assertThat(desk().work().number()).isNotEqualTo(outer));
            assertThat(desk().work().number()).isEqualTo(outer);
        });
    }

    @Test
    void beansAreDestroyedInReverseOrderBeforeTheWipe() {
        scopes.run(() -> {
            here();
            desk().work().number();
            desk().notes().number();
        });
        assertThat(events).containsExactly("notes", "work true");
        assertThat(directories()).isZero();
    }

    @Test
    void aBeanIsDestroyedOnce() {
        OpenScope scope = scopes.open();
        desk().work().number();
        scope.close();
        scope.close();
        context.close();
        assertThat(events).containsExactly("work true");
    }

    @Test
    void aBeanThatNobodyUsedIsNotMade() {
        scopes.run(() -> {});
        assertThat(events).isEmpty();
    }

    @Test
    void theDirectoryIsWipedAndTheOthersAreDestroyedWhenOneThrows() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        try (LogWatch log = new LogWatch()) {
            scopes.run(() -> {
                here();
                scope.registerDestructionCallback("first", () -> events.add("first"));
                scope.registerDestructionCallback("broken", () -> {
                    throw new IllegalArgumentException("broken end");
                });
            });
            assertThat(log.warnings()).singleElement().asString().contains("broken");
        }
        assertThat(events).containsExactly("first");
        assertThat(directories()).isZero();
    }

    @Test
    void anErrorWaitsForTheOthersAndIsThrown() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        AssertionError last = new AssertionError("last");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scopes.run(() -> {
                    here();
                    scope.registerDestructionCallback("first", () -> events.add("first"));
                    scope.registerDestructionCallback("again", () -> {
                        throw last;
                    });
                    scope.registerDestructionCallback("other", () -> {
                        throw new LinkageError("other");
                    });
                    scope.registerDestructionCallback("last", () -> {
                        throw last;
                    });
                }))
                .isSameAs(last)
                .satisfies(error ->
                        assertThat(error.getSuppressed()).singleElement().isInstanceOf(LinkageError.class));
        assertThat(events).containsExactly("first");
        assertThat(directories()).isZero();
    }

    @Test
    void whatIsRegisteredWhileTheScopeEndsHasItsEnd() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        scopes.run(() -> scope.registerDestructionCallback(
                "first", () -> scope.registerDestructionCallback("second", () -> events.add("second"))));
        assertThat(events).containsExactly("second");
    }

    @Test
    void aBeanThatIsRemovedHasNoEnd() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        scopes.run(() -> {
            int number = desk().work().number();
            assertThat(scope.remove("scopedTarget.cacheScopeBeanTests.Work")).isInstanceOf(Work.class);
            assertThat(scope.remove("unknown")).isNull();
            assertThat(desk().work().number()).isNotEqualTo(number);
        });
        assertThat(events).hasSize(1);
    }

    @Test
    void aBeanThatAsksForItselfWhileItIsMadeIsOne() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        scopes.run(() -> {
            Object outer = scope.get("self", () -> scope.get("self", () -> "inner"));
            assertThat(outer).isEqualTo("inner");
        });
    }

    @Test
    void threadsOfOneScopeShareTheInstance() throws Exception {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        CountDownLatch both = new CountDownLatch(2);
        try (OpenScope open = scopes.begin()) {
            List<Future<Object>> got = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                got.add(others.submit(() -> {
                    try (OpenScope.Visible visible = open.enter()) {
                        both.countDown();
                        both.await();
                        return scope.get("shared", Object::new);
                    }
                }));
            }
            assertThat(got.get(0).get()).isSameAs(got.get(1).get());
        }
    }

    @Test
    void withNoneOpenTheCauseSaysHowToOpenOne() {
        assertThatExceptionOfType(ScopeNotActiveException.class)
                .isThrownBy(() -> desk().work().number())
                .havingRootCause()
                .withMessageContaining("No cache scope is open");
    }

    @Test
    void afterTheEndThereAreNoBeans() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        OpenScope open = scopes.begin();
        try (OpenScope.Visible visible = open.enter()) {
            open.close();
            assertThatIllegalStateException().isThrownBy(() -> scope.get("bean", Object::new));
            assertThatIllegalStateException().isThrownBy(() -> scope.registerDestructionCallback("bean", () -> {}));
        }
    }

    @Test
    void aDirectoryThatCannotBeClosedIsHeardOf() {
        BrokenManager broken = new BrokenManager();
        CacheScopes breaking = new CacheScopes(broken.manager());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> breaking.run(() -> breaking.directory().id()))
                .withMessage("cannot be closed");
        CacheBeanScope scope = new CacheBeanScope(() -> breaking);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> breaking.run(() -> {
                    breaking.directory().id();
                    scope.registerDestructionCallback("bean", () -> {
                        throw new AssertionError("first");
                    });
                }))
                .withMessage("first")
                .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
    }

    @Test
    void aScopeIsNoConversation() {
        CacheBeanScope scope = new CacheBeanScope(() -> scopes);
        assertThat(scope.getConversationId()).isNull();
        assertThat(scope.resolveContextualObject("request")).isNull();
    }

    // ---- beans that are to open the scope that they live in

    @CacheScope
    static class OpensItself {

        @InCacheScope
        int number() {
            return 1;
        }
    }

    @InCacheScope
    static class OpensAlways {

        int number() {
            return 1;
        }
    }

    @CacheScope
    static class InheritsIt extends OpensAlways {}

    @CacheScope(proxyMode = ScopedProxyMode.NO)
    static class WithoutAProxy extends OpensItself {}

    interface Numbered {

        int number();
    }

    /** What the bean definition says of its type does not show the annotation. */
    static class BehindAnInterface implements Numbered {

        @Override
        @InCacheScope
        public int number() {
            return 1;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Declares {

        @Bean
        @CacheScope(proxyMode = ScopedProxyMode.INTERFACES)
        Numbered numbered() {
            return new BehindAnInterface();
        }
    }

    private AnnotationConfigApplicationContext started(Class<?> component) {
        AnnotationConfigApplicationContext started = new AnnotationConfigApplicationContext();
        started.getBeanFactory().registerScope(CacheBeanScope.NAME, new CacheBeanScope(() -> scopes));
        started.registerBean(
                InCacheScopeBeanPostProcessor.class, () -> new InCacheScopeBeanPostProcessor(() -> scopes));
        started.register(component);
        try {
            started.refresh();
        } catch (RuntimeException failure) {
            started.close();
            throw failure;
        }
        return started;
    }

    @ParameterizedTest
    @ValueSource(classes = {OpensItself.class, InheritsIt.class})
    void aBeanThatIsToOpenTheScopeThatItLivesInIsRefusedAtTheStart(Class<?> bean) {
        assertThatExceptionOfType(BeanCreationException.class)
                .isThrownBy(() -> started(bean))
                .havingRootCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessageContaining(".number()")
                .withMessageContaining("cacheScopeBeanTests." + bean.getSimpleName())
                .withMessageContaining("is a @CacheScope bean")
                .withMessageContaining("Put the annotation on the method of another bean that calls it");
    }

    @ParameterizedTest
    @ValueSource(classes = {WithoutAProxy.class, Declares.class})
    void whereOnlyTheBeanItselfShowsItThatIsRefused(Class<?> component) {
        try (AnnotationConfigApplicationContext started = started(component)) {
            scopes.run(() -> assertThatExceptionOfType(BeanCreationException.class)
                    .isThrownBy(() -> {
                        if (component == Declares.class) {
                            started.getBean(Numbered.class).number();
                        } else {
                            started.getBean(component);
                        }
                    })
                    .havingRootCause()
                    .withMessageContaining("is a @CacheScope bean"));
        }
        assertThat(directories()).isZero();
    }

    @CacheScope
    static class Later {

        @InCacheScope
        CompletableFuture<Integer> stage() {
            return new CompletableFuture<>();
        }

        @InCacheScope
        Stream<Integer> stream() {
            return Stream.of();
        }

        @InCacheScope
        Mono<Integer> mono() {
            return Mono.empty();
        }

        @InCacheScope
        Flux<Integer> flux() {
            return Flux.empty();
        }

        @InCacheScope
        <T> T ofTheCallersChoice(Callable<T> task) throws Exception {
            return task.call();
        }

        @Async
        @InCacheScope
        void elsewhere() {}
    }

    @Test
    void methodsThatHoldTheScopeThatTheyJoinAreNotRefused() {
        try (AnnotationConfigApplicationContext started = started(Later.class)) {
            Later later = started.getBean(Later.class);
            CompletableFuture<?>[] result = new CompletableFuture<?>[1];
            scopes.run(() -> {
                here();
                result[0] = later.stage();
            });
            assertThat(directories()).as("while the result is awaited").isOne();
            result[0].cancel(false);
        }
        assertThat(directories()).isZero();
    }

    @Scope(CacheBeanScope.NAME)
    static class InAnother extends OpensAlways {}

    @Test
    void aBeanInAScopeOfTheApplicationWithThatNameIsNotRefused() {
        try (AnnotationConfigApplicationContext another = new AnnotationConfigApplicationContext()) {
            another.getBeanFactory().registerScope(CacheBeanScope.NAME, new SimpleThreadScope());
            another.registerBean(
                    InCacheScopeBeanPostProcessor.class, () -> new InCacheScopeBeanPostProcessor(() -> scopes));
            another.register(InAnother.class);
            another.refresh();
            assertThat(another.getBean(InAnother.class).number()).isEqualTo(1);
        }
    }

    @Test
    void aBeanThatOpensNoneIsNotRefused() {
        try (AnnotationConfigApplicationContext started = started(Plain.class)) {
            scopes.run(() -> assertThat(started.getBean(Plain.class).number()).isEqualTo(1));
        }
    }

    @CacheScope
    static class Plain {

        int number() {
            return 1;
        }
    }
}
