// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The number of handles. */
class HeldCacheTests {

    private final HeldCache cache = new HeldCache(CacheId.random(Instant.EPOCH));

    @Test
    void onlyWhatIsHeldCanBeShared() {
        assertThat(cache.isHeld()).isFalse();
        assertThat(cache.share()).isFalse();

        cache.hold();

        assertThat(cache.isHeld()).isTrue();
        assertThat(cache.share()).isTrue();
    }

    @Test
    void theLastHandleIsNotGivenUpWithoutTheMutex() {
        cache.hold();
        cache.share();

        assertThat(cache.unshare()).isTrue();
        assertThat(cache.unshare()).isFalse();
        assertThat(cache.isHeld()).isTrue();

        assertThat(cache.drop()).isTrue();
        assertThat(cache.isHeld()).isFalse();
        assertThat(cache.unshare()).isFalse();
    }

    @Test
    void whoeverSharesMeanwhileKeepsIt() {
        cache.hold();
        cache.share();

        assertThat(cache.drop()).isFalse();
        assertThat(cache.isHeld()).isTrue();
    }

    @Test
    void aLossIsNewsOnce() {
        assertThat(cache.isLost()).isFalse();
        assertThat(cache.lose()).isTrue();
        assertThat(cache.lose()).isFalse();
        assertThat(cache.isLost()).isTrue();
    }

    @Test
    void manyThreadsCountRight() throws Exception {
        cache.hold();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<?> each : threads.invokeAll(IntStream.range(0, 4)
                    .mapToObj(thread ->
                            Executors.callable(() -> IntStream.range(0, 100_000).forEach(i -> {
                                cache.share();
                                cache.unshare();
                            })))
                    .toList())) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(cache.unshare()).isFalse();
        assertThat(cache.drop()).isTrue();
    }
}
