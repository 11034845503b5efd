// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What stands around the work of a manager. */
class InstrumentationTests extends ManagersOnOneRoot {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final CacheInstrumentation instrumentation = new CacheInstrumentation() {
        @Override
        public CacheDirectory create(String storage, Supplier<CacheDirectory> creation) {
            seen.add("create in " + storage);
            try {
                return creation.get();
            } finally {
                seen.add("created");
            }
        }

        @Override
        public Runnable wipe(String storage, Runnable deletion) {
            seen.add("wipe in " + storage);
            return () -> {
                assertThat(trash()).isNotEmptyDirectory();
                deletion.run();
                assertThat(trash()).isEmptyDirectory();
                seen.add("wiped");
            };
        }
    };

    @Test
    void itStandsAroundCreateAndTheDeletionOfWhatWasWiped() {
        CacheManager manager =
                manager(settings -> settings.instrumentation(instrumentation).wipe(WipeMode.SYNCHRONOUS));

        CacheDirectory cache = manager.create();
        assertThat(seen).containsExactly("create in local", "created");

        cache.close();
        assertThat(seen).containsExactly("create in local", "created", "wipe in local", "wiped");
    }

    @Test
    void whatIsWipedInTheBackgroundIsDeletedThroughItLater() {
        CacheManager manager = manager(settings -> settings.instrumentation(instrumentation));

        manager.create().close();

        assertThat(seen).contains("wipe in local");
        await().untilAsserted(() -> assertThat(seen).endsWith("wiped"));
    }

    @Test
    void itSeesWhatACreateThrows() {
        CacheManager manager = manager(settings -> settings.instrumentation(instrumentation));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.create(CacheOptions.defaults().storage("s3")));

        assertThat(seen).containsExactly("create in local", "created");
    }

    @Test
    void aWipeIsNotDisturbedByOneThatThrows() {
        CacheManager manager =
                manager(settings -> settings.wipe(WipeMode.SYNCHRONOUS).instrumentation(new CacheInstrumentation() {
                    @Override
                    public Runnable wipe(String storage, Runnable deletion) {
                        throw new IllegalStateException("no");
                    }

                    @Override
                    public String toString() {
                        return "a throwing instrumentation";
                    }
                }));
        CacheDirectory cache = manager.create();

        try (LogWatch log = new LogWatch()) {
            cache.close();
            assertThat(log.warnings()).containsExactly("a throwing instrumentation failed");
        }
        assertThat(trash()).isEmptyDirectory();
    }

    @Test
    void aWipeIsNotDisturbedByADeletionThatThrows() {
        CacheManager manager =
                manager(settings -> settings.wipe(WipeMode.SYNCHRONOUS).instrumentation(new CacheInstrumentation() {
                    @Override
                    public Runnable wipe(String storage, Runnable deletion) {
                        return () -> {
                            throw new IllegalStateException("no");
                        };
                    }
                }));
        CacheDirectory cache = manager.create();

        try (LogWatch log = new LogWatch()) {
            cache.close();
            assertThat(log.warnings()).singleElement().asString().contains("the next sweep tries again");
        }
        assertThat(cache(cache.id())).doesNotExist();
        assertThat(manager.sweep().trash()).isOne();
    }

    @Test
    void itMayCareForNothing() {
        CacheManager manager = manager(settings -> settings.instrumentation(new CacheInstrumentation() {}));

        CacheDirectory cache = manager.create();
        cache.close();

        assertThat(cache(cache.id())).doesNotExist();
    }
}
