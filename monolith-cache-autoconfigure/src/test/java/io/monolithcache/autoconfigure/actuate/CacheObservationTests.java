// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheInstrumentation;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What is observed of create and wipe. */
class CacheObservationTests extends ContextsOnOneRoot {

    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheObservationAutoConfiguration.class);
    }

    private ApplicationContextRunner observed(String... properties) {
        return runner.withBean(ObservationRegistry.class, () -> registry).withPropertyValues(properties);
    }

    @Test
    void aCreateIsObserved() {
        observed().run(context -> {
            context.getBean(CacheManager.class).create();

            assertThat(registry)
                    .hasNumberOfObservationsEqualTo(1)
                    .hasObservationWithNameEqualTo("monolith.cache.create")
                    .that()
                    .hasBeenStarted()
                    .hasBeenStopped()
                    .doesNotHaveError()
                    .hasContextualNameEqualTo("create cache directory")
                    .hasOnlyKeys("storage")
                    .hasLowCardinalityKeyValue("storage", "local");
        });
    }

    @Test
    void aCreateThatFailsIsObservedWithWhatItThrows() {
        observed().run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> manager.create(CacheOptions.defaults().storage("s3")));

            assertThat(registry)
                    .hasObservationWithNameEqualTo("monolith.cache.create")
                    .that()
                    .hasBeenStopped()
                    .thenError()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not in 's3'");
        });
    }

    @Test
    void aWipeIsObserved() {
        observed("monolith.cache.directories.wipe=synchronous").run(context -> {
            context.getBean(CacheManager.class).create().close();

            assertThat(registry)
                    .hasNumberOfObservationsEqualTo(2)
                    .hasObservationWithNameEqualTo("monolith.cache.wipe")
                    .that()
                    .hasBeenStopped()
                    .doesNotHaveError()
                    .hasOnlyKeys("storage")
                    .hasLowCardinalityKeyValue("storage", "local");
        });
    }

    @Test
    void aWipeInTheBackgroundBelongsToWhatWipedIt() {
        // a sweep under way may be the one that wipes what was released just now
        observed()
                .withPropertyValues("monolith.cache.directories.sweep-interval=0s")
                .run(context -> {
                    CacheDirectory cache = context.getBean(CacheManager.class).create();
                    Observation request = Observation.start("request", registry);
                    request.scoped(cache::close);
                    request.stop();

                    await().untilAsserted(() -> assertThat(registry)
                            .hasObservationWithNameEqualTo("monolith.cache.wipe")
                            .that()
                            .hasBeenStopped()
                            .hasParentObservationContextMatching(
                                    parent -> parent.getName().equals("request")));
                });
    }

    @Test
    void withoutARegistryThereIsNothing() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheInstrumentation.class));
    }

    @Test
    void aRegistryThatDoesNothingIsNotAsked() {
        CacheObservations observations = new CacheObservations(ObservationRegistry.NOOP);
        Runnable deletion = () -> {};

        assertThat(observations.wipe("local", deletion)).isSameAs(deletion);
        runner.withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP)
                .run(context -> {
                    try (CacheDirectory cache =
                            context.getBean(CacheManager.class).create()) {
                        assertThat(cache.path()).exists();
                    }
                });
    }

    @Test
    void anInstrumentationOfTheApplicationReplacesIt() {
        observed()
                .withBean("ours", CacheInstrumentation.class, () -> new CacheInstrumentation() {})
                .run(context -> assertThat(context)
                        .getBeanNames(CacheInstrumentation.class)
                        .containsExactly("ours"));
    }
}
