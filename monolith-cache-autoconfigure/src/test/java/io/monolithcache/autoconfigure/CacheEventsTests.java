// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.event.CacheCreatedEvent;
import io.monolithcache.directory.event.CacheEvent;
import io.monolithcache.directory.event.CacheLeakedEvent;
import io.monolithcache.directory.event.CacheLostEvent;
import io.monolithcache.directory.event.CacheWipedEvent;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;

/** What {@code @EventListener} methods hear. */
@ExtendWith(OutputCaptureExtension.class)
class CacheEventsTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        // a sweep under way may be the one that wipes what was released just now, in a thread of its own
        runner = contextsWith().withPropertyValues("monolith.cache.directories.sweep-interval=0");
    }

    @Test
    void whatIsCreatedAndWipedIsHeard() {
        runner.withUserConfiguration(Listening.class).run(context -> {
            CacheDirectory cache = context.getBean(CacheManager.class).create();
            cache.close();

            assertThat(context.getBean(Heard.class).events)
                    .containsExactly(
                            new CacheCreatedEvent(cache.id(), cache.location()),
                            new CacheWipedEvent(cache.id(), cache.location()));
        });
    }

    @Test
    void whatIsLostIsHeard() {
        runner.withUserConfiguration(Listening.class).run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            CacheDirectory cache = manager.create();
            manager.evictForcibly(cache.id());

            assertThat(context.getBean(Heard.class).events).contains(new CacheLostEvent(cache.id(), cache.location()));
        });
    }

    @Test
    void whatLeaksIsHeard() {
        runner.withUserConfiguration(Listening.class).run(context -> {
            CacheId leaked = context.getBean(CacheManager.class).create().id();

            await().untilAsserted(() -> {
                System.gc();
                assertThat(context.getBean(Heard.class).events)
                        .anySatisfy(event -> assertThat(event)
                                .isInstanceOf(CacheLeakedEvent.class)
                                .extracting(CacheEvent::id)
                                .isEqualTo(leaked));
            });
        });
    }

    @Test
    void aListenerThatThrowsIsLoggedAndHarmsNothing(CapturedOutput output) {
        runner.withUserConfiguration(Throwing.class).run(context -> {
            CacheDirectory cache = context.getBean(CacheManager.class).create();
            assertThat(cache.path()).exists();
            cache.close();

            assertThat(cache.location())
                    .satisfies(location -> assertThat(Path.of(location)).doesNotExist());
            assertThat(output).contains("WARN").contains("no ears");
        });
    }

    @Test
    void whatTheClosingContextWipesIsHeardByThoseWhoAreStillThere() {
        List<CacheEvent> heard = new ArrayList<>();
        runner.withBean(Heard.class, () -> new Heard(heard))
                .run(context -> context.getBean(CacheManager.class).create());

        assertThat(heard).last().isInstanceOf(CacheWipedEvent.class);
    }

    @Test
    void aListenerThatIsGoneWhenTheManagerClosesIsNoFailure(CapturedOutput output) {
        List<CacheDirectory> caches = new ArrayList<>();
        runner.withUserConfiguration(ListeningLazily.class)
                .run(context -> caches.add(context.getBean(CacheManager.class).create()));

        assertThat(Path.of(caches.get(0).location())).doesNotExist();
        assertThat(output).doesNotContain("WARN", "ERROR");
    }

    /** A parent is still there, and would hear it. */
    @Test
    void afterTheContextHasClosedNothingFailsNorIsHeard() {
        List<CacheEvent> heard = new CopyOnWriteArrayList<>();
        List<CacheListener> publishers = new ArrayList<>();
        new ApplicationContextRunner()
                .withBean(Heard.class, () -> new Heard(heard))
                .run(parent -> {
                    runner.withParent(parent).run(context -> publishers.add(context.getBean(CacheListener.class)));
                    CacheId id = CacheId.of("01k8xq7d3v9m2c4n6p8r0s1t5w");

                    assertThatCode(() -> publishers.get(0).wiped(id, URI.create("file:///gone/")))
                            .doesNotThrowAnyException();
                    assertThat(heard).isEmpty();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        @Bean
        Heard heard() {
            return new Heard(new CopyOnWriteArrayList<>());
        }
    }

    /** Not made before the first event that it hears, which comes when no bean may be made any more. */
    @Configuration(proxyBeanMethods = false)
    static class ListeningLazily {

        @Bean
        @Lazy
        HeardWipes heard() {
            return new HeardWipes();
        }
    }

    static final class HeardWipes {

        private final List<CacheWipedEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void hear(CacheWipedEvent event) {
            events.add(event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Throwing {

        @EventListener
        void hear(CacheEvent event) {
            throw new IllegalStateException("no ears for " + event);
        }
    }

    record Heard(List<CacheEvent> events) {

        @EventListener
        void hear(CacheEvent event) {
            events.add(event);
        }
    }
}
