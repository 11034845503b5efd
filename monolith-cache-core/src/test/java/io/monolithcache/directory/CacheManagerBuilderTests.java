// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheManagerBuilderTests {

    @TempDir
    Path root;

    @Test
    void anIntervalIsNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheManager.builder().sweepInterval(Duration.ofMillis(-1)))
                .withMessageContaining("sweepInterval")
                .withMessageContaining("PT-0.001S");
    }

    @Test
    void aGraceIsPositive() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CacheManager.builder().leakGrace(wrong))
                    .withMessageContaining("leakGrace")
                    .withMessageContaining(wrong.toString());
        }
    }

    @Test
    void aTimeToCloseAfterIsPositive() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CacheOptions.defaults().closeAfter(wrong))
                    .withMessageContaining("closeAfter");
        }
    }

    @Test
    void optionsAreImmutable() {
        CacheOptions defaults = CacheOptions.defaults();

        CacheOptions changed =
                defaults.metadata("one", 1).metadata("two", 2).locked().storage("local");

        assertThat(defaults.metadata()).isEmpty();
        assertThat(defaults.isLocked()).isFalse();
        assertThat(defaults.storage()).isNull();
        assertThat(changed.metadata()).isEqualTo(Map.of("one", 1, "two", 2));
        assertThat(changed.isLocked()).isTrue();
        assertThat(changed.lockTime()).isNull();
    }

    @Test
    void theRootIsMadeWithTheFirstCache() {
        Path missing = root.resolve("not/there/yet");
        try (CacheManager manager = CacheManager.builder().root(missing).build()) {
            assertThat(missing).doesNotExist();

            assertThat(manager.create().path()).startsWith(missing.toAbsolutePath());
        }
    }

    @Test
    void aRootThatIsAFileIsRefusedAtOnce() throws IOException {
        Path file = Files.createFile(root.resolve("file"));

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(() -> CacheManager.builder().root(file).build())
                .satisfies(refused -> {
                    assertThat(refused.description()).isEqualTo("The cache root " + file + " is a file, not a folder.");
                    assertThat(refused.action()).contains("monolith.cache.local.path");
                    assertThat(refused).hasMessage(refused.description() + " " + refused.action());
                });
    }

    @Test
    void everySettingMayBeMade() {
        try (CacheManager manager = CacheManager.builder()
                .root(root)
                .applicationName("unused")
                .orphans(OrphanPolicy.LOCK)
                .allowNetworkFileSystem(true)
                .sweepInterval(Duration.ofHours(1))
                .wipe(WipeMode.SYNCHRONOUS)
                .trackLeaks(true)
                .releaseLeaked(true)
                .leakGrace(Duration.ofHours(1))
                .build()) {
            assertThat(manager.create().path()).exists();
        }
    }

    @Test
    void withoutARootThereIsADefaultThatIsOnlyLookedAt() {
        String name = "monolith-cache-test-" + java.util.UUID.randomUUID();

        try (CacheManager manager = CacheManager.builder().applicationName(name).build()) {
            assertThat(manager.list(null, 10)).isEmpty();
        }
    }

    @Test
    void oneBuilderMayBuildSeveralManagers() {
        CacheManagerBuilder builder = CacheManager.builder().root(root).sweepInterval(Duration.ZERO);

        try (CacheManager one = builder.build();
                CacheManager other = builder.build()) {
            CacheDirectory cache = one.create();
            assertThat(other.attach(cache.id()).path()).isEqualTo(cache.path());
        }
    }
}
