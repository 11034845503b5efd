// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheInstrumentation;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.redis.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** What an application meets whose manager keeps directories and references in a bucket. */
@Tag("long")
@ExtendWith(S3Server.Started.class)
@Timeout(120)
class ManagersOverS3Tests {

    private static final Duration LEASE = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final List<CacheManager> managers = new ArrayList<>();
    private final List<CacheId> wiped = new CopyOnWriteArrayList<>();
    private final List<CacheId> lost = new CopyOnWriteArrayList<>();
    private S3Bucket bucket;
    private TcpProxy proxy;
    private S3Client straight;
    private S3Client brokenWay;

    @BeforeEach
    void open(S3Server server) {
        bucket = new S3Bucket(server, folder);
        proxy = new TcpProxy(server.port());
        straight = server.client();
        brokenWay = server.builder(proxy.port()).build();
    }

    @AfterEach
    void close() throws Exception {
        proxy.stall(false);
        proxy.mend();
        managers.forEach(CacheManager::close);
        straight.close();
        brokenWay.close();
        proxy.close();
        bucket.close();
    }

    private CacheManager manager(S3Client client, CacheListener... listeners) {
        S3RegistrySettings settings = new S3RegistrySettings(LEASE, Duration.ofHours(1), Duration.ZERO);
        var builder = CacheManager.builder()
                .root(folder.resolve("root-" + managers.size()))
                .sweepInterval(Duration.ZERO)
                .storage(new S3Storage(
                        () -> client,
                        bucket.place(),
                        settings,
                        S3TransferSettings.defaults().withTimeout(LEASE.dividedBy(4)),
                        Duration.ZERO))
                .defaultStorage("s3");
        List.of(listeners).forEach(builder::listener);
        return opened(builder);
    }

    private CacheManager opened(CacheManagerBuilder builder) {
        CacheManager manager = builder.build();
        managers.add(manager);
        return manager;
    }

    private CacheManager instrumented(CacheInstrumentation instrumentation) {
        return opened(CacheManager.builder()
                .root(folder.resolve("root-" + managers.size()))
                .sweepInterval(Duration.ZERO)
                .wipe(WipeMode.SYNCHRONOUS)
                .storage(new S3Storage(() -> straight, bucket.place()))
                .defaultStorage("s3")
                .instrumentation(instrumentation));
    }

    private CacheManager manager() {
        return manager(straight, new CacheListener() {
            @Override
            public void wiped(CacheId id, URI location) {
                wiped.add(id);
            }

            @Override
            public void lost(CacheId id, URI location) {
                lost.add(id);
            }
        });
    }

    private static void write(CacheDirectory cache, String name, String text) throws IOException {
        try (var out = cache.resource(name).getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String read(CacheDirectory cache, String name) throws IOException {
        return cache.resource(name).getContentAsString(StandardCharsets.UTF_8);
    }

    /** Without the states that are remembered. */
    private List<String> left() {
        return bucket.everything().stream()
                .map(key -> key.substring(bucket.place().prefix().length()))
                .filter(key -> !key.startsWith("registry/"))
                .toList();
    }

    @Test
    void aCacheThatTwoUseGoesWithTheSecond() throws Exception {
        CacheManager first = manager();
        CacheManager second = manager();
        CacheDirectory one = first.create();
        write(one, "a.txt", "from the first");
        CacheDirectory same = second.attach(one.id());
        write(same, "b.txt", "from the second");
        assertThat(read(one, "b.txt")).isEqualTo("from the second");
        assertThat(first.find(one.id()).orElseThrow().owners()).hasSize(2);

        first.close();
        assertThat(read(same, "a.txt")).isEqualTo("from the first");
        assertThat(wiped).isEmpty();
        second.close();

        assertThat(left()).containsExactly("format");
        assertThat(wiped).containsExactly(one.id());
        assertThat(lost).isEmpty();
        CacheManager third = manager();
        assertThat(third.find(one.id())).isEmpty();
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> third.attach(one.id()));
    }

    @Test
    void metadataThatOnePutsTheOthersSee() {
        CacheManager first = manager();
        CacheManager second = manager();
        CacheDirectory one = first.create(CacheOptions.defaults().metadata("colour", "green"));
        CacheDirectory same = second.attach(one.id());

        same.putMetadata("size", 3);
        one.putMetadata("colour", "red");

        assertThat(one.metadata()).containsEntry("size", 3).containsEntry("colour", "red");
        assertThat(same.metadata()).containsEntry("size", 3).containsEntry("colour", "red");
        assertThat(second.find(one.id()).orElseThrow().metadata()).containsEntry("colour", "red");
        one.removeMetadata("size");
        assertThat(same.metadata()).doesNotContainKey("size");
    }

    @Test
    void whoHoldsACacheHearsThatItWasEvictedByForce() {
        CacheManager holder = manager();
        CacheManager operator = manager(straight);
        CacheDirectory cache = holder.create();
        CacheDirectory another = holder.create();
        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> operator.evict(cache.id()));

        operator.evictForcibly(cache.id());

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> cache.exists("a.txt"));
        await().untilAsserted(() -> assertThat(lost).containsExactly(cache.id()));
        assertThatNoException().isThrownBy(() -> another.exists("a.txt"));
        assertThatNoException().isThrownBy(cache::close);
    }

    @Test
    void aSweepTellsWhoeverDoesNotLookThatHeLostACache() {
        CacheManager holder = manager();
        CacheManager operator = manager(straight);
        CacheDirectory cache = holder.create();
        operator.evictForcibly(cache.id());

        holder.sweep();

        await().untilAsserted(() -> assertThat(lost).containsExactly(cache.id()));
    }

    @Test
    void aCacheThatIsToBeClosedLaterGoesThen() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create(CacheOptions.defaults().closeAfter(Duration.ofMillis(50)));

        await().untilAsserted(() -> assertThat(wiped).containsExactly(cache.id()));
        assertThat(manager.find(cache.id())).isEmpty();
    }

    @Test
    void aTimedLockKeepsACacheUntilItsEndAndASweep() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked(Duration.ofSeconds(3)));
        cache.close();
        manager.sweep();
        assertThat(manager.find(cache.id()).orElseThrow().locked()).isTrue();
        assertThat(manager.find(cache.id()).orElseThrow().lockedUntil()).isNotNull();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            manager.sweep();
            assertThat(manager.find(cache.id())).isEmpty();
        });
        await().untilAsserted(() -> assertThat(wiped).containsExactly(cache.id()));
    }

    @Test
    void closingReleasesHoweverManyThereAre() {
        CacheManager manager = manager();
        for (int i = 0; i < 50; i++) {
            CacheDirectory unused = manager.create();
        }

        manager.close();

        assertThat(left()).containsExactly("format");
        assertThat(wiped).hasSize(50);
    }

    @Test
    void closingWhileS3HangsDoesNotTakeATimeoutForEachCache() {
        CacheManager manager = manager(brokenWay);
        for (int i = 0; i < 10; i++) {
            CacheDirectory unused = manager.create();
        }
        proxy.stall(true);

        long start = System.nanoTime();
        manager.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LEASE.multipliedBy(10));
    }

    /** Its own clock tells a process that others may have taken it for dead; the bucket, that they have. */
    @Test
    void whoWasCutOffForLongerThanItsLeaseHearsWhatItLost() {
        CacheManager cutOff = manager(brokenWay);
        CacheManager other = manager();
        CacheDirectory lonely = cutOff.create();
        CacheDirectory shared = cutOff.create();
        CacheDirectory kept = other.attach(shared.id());
        proxy.cut();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            other.sweep();
            assertThat(other.find(lonely.id())).isEmpty();
        });
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> lonely.exists("a.txt"));
        proxy.mend();

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> lonely.exists("a.txt"));
        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> shared.exists("a.txt"));
        assertThat(kept.exists("a.txt")).isFalse();
        shared.close();
        try (CacheDirectory again = cutOff.attach(shared.id())) {
            assertThat(again.exists("a.txt")).isFalse();
        }
    }

    @Test
    void theDeletionOfAWipeIsObservedOnce() throws IOException {
        List<String> observed = new CopyOnWriteArrayList<>();
        CacheManager manager = instrumented(new CacheInstrumentation() {
            @Override
            public Runnable wipe(String storage, Runnable deletion) {
                return () -> {
                    observed.add(storage + " " + hasData());
                    deletion.run();
                    observed.add(storage + " " + hasData());
                };
            }
        });
        CacheDirectory cache = manager.create();
        write(cache, "a.txt", "text");

        cache.close();

        assertThat(observed).containsExactly("s3 true", "s3 false");
    }

    /** Else it would be said of data that are there that they are not. */
    @Test
    void anInstrumentationThatForgetsTheDeletionLeavesItToTheNextSweep() throws IOException {
        CacheManager forgetful = instrumented(new CacheInstrumentation() {
            @Override
            public Runnable wipe(String storage, Runnable deletion) {
                return () -> {};
            }
        });
        CacheDirectory cache = forgetful.create();
        write(cache, "a.txt", "text");
        cache.close();
        assertThat(forgetful.find(cache.id())).isEmpty();
        assertThat(hasData()).isTrue();

        assertThat(manager().sweep().directories()).isOne();

        assertThat(hasData()).isFalse();
        assertThat(wiped).containsExactly(cache.id());
    }

    private boolean hasData() {
        return bucket.everything().stream().anyMatch(key -> key.contains("/caches/"));
    }
}
