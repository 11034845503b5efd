// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.store.Content;
import io.monolithcache.store.EvictionPolicy;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.StoreListener;
import io.monolithcache.store.index.JsonIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CacheFilesAutoConfigurationTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheFilesAutoConfiguration.class);
    }

    private static Store store(AssertableApplicationContext context) {
        return context.getBean("fileCacheStore", Store.class);
    }

    @Test
    void filesLieBesideTheDirectories() {
        runner.run(context -> {
            Store store = store(context);
            assertThat(store.status().isOpen()).isFalse();
            assertThat(root).isEmptyDirectory();

            assertThat(store.put("a", Content.of(new byte[1]))).isTrue();

            assertThat(store.status().isOpen()).isTrue();
            assertThat(store.name()).isEqualTo("files");
            assertThat(root.resolve("monolith-cache-files/content")).isDirectory();
        });
    }

    @Test
    void filesMayLieElsewhere(@TempDir Path other) {
        runner.withPropertyValues("monolith.cache.files.path=" + other).run(context -> {
            assertThat(store(context).find("a")).isEmpty();
            assertThat(other.resolve("monolith-cache-files")).isDirectory();
            assertThat(root).isEmptyDirectory();
        });
    }

    @Test
    void withoutAnyPathFilesLieInTheUsersCacheFolder() {
        runner.withPropertyValues("monolith.cache.local.path=", "spring.application.name=shop")
                .run(context ->
                        assertThat(store(context).status().root()).endsWithRaw(Path.of("shop/monolith-cache-files")));
    }

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        runner.run(context -> {
            assertThat(store(context).status().index()).isEqualTo("sqlite");
            assertThat(store(context).status().policy()).isEqualTo(EvictionPolicy.LRU);
            assertThat(store(context).status().limits())
                    .isEqualTo(StoreLimits.NONE.withSize(10L << 30).withKeepFree(1L << 30));
        });
    }

    @Test
    void everyLimitIsThatOfTheProperties() {
        runner.withPropertyValues(
                        "monolith.cache.files.index=csv",
                        "monolith.cache.files.eviction=tiny-lfu",
                        "monolith.cache.files.limits.size=1MB",
                        "monolith.cache.files.limits.entries=7",
                        "monolith.cache.files.limits.age=30d",
                        "monolith.cache.files.limits.idle=1d",
                        "monolith.cache.files.limits.keep-free=0",
                        "monolith.cache.files.memory=1MB",
                        "monolith.cache.files.verification=always",
                        "monolith.cache.files.sync=true")
                .run(context -> {
                    Store store = store(context);
                    assertThat(store.put("a", Content.of(new byte[1]))).isTrue();
                    assertThat(store.status().index()).isEqualTo("csv");
                    assertThat(store.status().policy()).isEqualTo(EvictionPolicy.TINY_LFU);
                    assertThat(store.status().limits())
                            .isEqualTo(new StoreLimits(1 << 20, 7, Duration.ofDays(30), Duration.ofDays(1), 0));
                });
    }

    @Test
    void theStoreIsClosedWithTheContextAndKeepsWhatItHas() {
        runner.run(context -> store(context).put("a", Content.of(new byte[1])));
        runner.run(context -> assertThat(store(context).contains("a")).isTrue());
    }

    @Test
    void aStoreOfTheApplicationIsNotJoinedByAnother() {
        runner.withBean(
                        "own",
                        Store.class,
                        () -> Store.in(root.resolve("own"))
                                .index(JsonIndex.FORMAT)
                                .openOnFirstUse())
                .run(context -> assertThat(context).getBeanNames(Store.class).containsExactly("own"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"monolith.cache.enabled=false", "monolith.cache.files.enabled=false"})
    void turnedOffThereIsNoStore(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Store.class));
    }

    @Test
    void turnedOffThereIsAManagerStill() {
        runner.withPropertyValues("monolith.cache.files.enabled=false")
                .run(context -> assertThat(context).hasSingleBean(CacheManager.class));
    }

    @Test
    void withoutAManagerThereIsAStore() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CacheFilesAutoConfiguration.class))
                .withPropertyValues("monolith.cache.files.path=" + root)
                .run(context -> assertThat(context).hasSingleBean(Store.class));
    }

    @Test
    void listenersHearWhatHappens() {
        List<String> heard = new ArrayList<>();
        StoreListener listener = new StoreListener() {
            @Override
            public void stored(String hash, long length) {
                heard.add("stored " + length);
            }
        };
        runner.withBean(StoreListener.class, () -> listener).run(context -> {
            store(context).put("a", Content.of(new byte[3]));
            assertThat(heard).containsExactly("stored 3");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "enabled=off | 'monolith.cache.files.enabled' is not the word 'false'",
                "path=~/files | '~' is not replaced by anybody",
                "path=s3://bucket/files | 'monolith.cache.files.path' is 's3://bucket/files', which is a URL",
                "limits.size=0 | 'monolith.cache.files.limits.size' is not positive",
                "limits.size=-1MB | Set monolith.cache.files.limits.size to the space",
                "limits.entries=0 | 'monolith.cache.files.limits.entries' is not positive (0)",
                "limits.age=0s | 'monolith.cache.files.limits.age' is not positive (PT0S)",
                "limits.idle=-1s | 'monolith.cache.files.limits.idle' is not positive (PT-1S)",
                "limits.keep-free=-1B | 'monolith.cache.files.limits.keep-free' is negative (-1B)",
                "memory=-1B | 'monolith.cache.files.memory' is negative (-1B)"
            })
    void whatCannotBeIsRefusedByName(String property, String message) {
        runner.withPropertyValues("monolith.cache.files." + property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining(message));
    }

    /** Type, location, and what is said of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "none | /net/files | location' is set, but 'monolith.cache.files.archive.type' is 'none'",
                "directory | | location' is not set, but 'monolith.cache.files.archive.type' is 'directory'",
                "s3 | | location' is not set, but 'monolith.cache.files.archive.type' is 's3'",
                "directory | s3://bucket/files | location' is 's3://bucket/files', which is a URL",
                "s3 | /net/files | Set monolith.cache.files.archive.location to a bucket and a prefix",
                "directory | /net/files | type' is 'directory', but this version of Monolith Cache has no archives"
            })
    void anArchiveThatCannotBeIsRefused(String type, String location, String message) {
        runner.withPropertyValues(
                        "monolith.cache.files.archive.type=" + type,
                        "monolith.cache.files.archive.location=" + (location == null ? "" : location))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining(message));
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        runner.withPropertyValues("monolith.cache.files.limits.entries=0", "monolith.cache.files.memory=-1B")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("limits.entries")
                        .hasMessageContaining("files.memory"));
    }

    @Test
    void aRootThatIsAFileIsSeenAtTheStart() throws IOException {
        Files.createFile(root.resolve("monolith-cache-files"));
        runner.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidCacheSettingsException.class)
                .hasMessageContaining("monolith-cache-files, is a file.")
                .hasMessageContaining(
                        "'monolith.cache.files.path' is not set, so files are kept where cache directories are"));
    }

    @Test
    void aRootBelowAFileIsSeenAtTheStart() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        runner.withPropertyValues("monolith.cache.files.path=" + file)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("cannot be made")
                        .hasMessageContaining("The property 'monolith.cache.files.path' is '" + file + "'.")
                        .hasMessageContaining("or set monolith.cache.files.enabled to false"));
    }
}
