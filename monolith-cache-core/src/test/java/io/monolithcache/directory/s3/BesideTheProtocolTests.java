// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.s3.Transfers.Moving;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;

/** What may go wrong although every step of the protocol is right. */
class BesideTheProtocolTests extends OneBucket {

    @TempDir
    Path folder;

    @Test
    void aSmallTransferDoesNotWaitForLargeOnesOfOthers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(5);
        ExecutorService users = Executors.newFixedThreadPool(3);
        try (Transfers transfers = new Transfers(3)) {
            for (int large = 0; large < 2; large++) {
                Future<?> unused = users.submit(() -> {
                    transfers.move(0, 10, (part, moving) -> {
                        busy.countDown();
                        try {
                            end.await();
                        } catch (InterruptedException told) {
                            Thread.currentThread().interrupt();
                        }
                    });
                    return true;
                });
            }
            assertThat(busy.await(5, TimeUnit.SECONDS)).isTrue();
            List<Integer> moved = new ArrayList<>();
            Future<?> small = users.submit(() -> {
                transfers.move(0, 2, (part, moving) -> moved.add(part));
                return true;
            });
            try {
                small.get(5, TimeUnit.SECONDS);
            } finally {
                end.countDown();
            }
        } finally {
            users.shutdownNow();
        }
    }

    @Test
    void partsKnowThatTheyAreGivenUp() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (Transfers transfers = new Transfers(2)) {
            Moving moving = transfers.begin(0, 1, (part, whole) -> {
                begun.countDown();
                while (!whole.isGivenUp()) {
                    Thread.onSpinWait();
                }
                ended.set(true);
            });
            begun.await();

            moving.giveUp();

            assertThat(ended).isTrue();
        }
    }

    /** Else it would believe what others, who keep versions as long as ever, have deleted meanwhile. */
    @Test
    void aLeaseIsNoLongerThanAReadingIsGood() {
        S3RegistrySettings defaults = S3RegistrySettings.defaults();
        assertThat(defaults.withLease(Duration.ofMinutes(15)).horizon()).isEqualTo(defaults.horizon());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withLease(Duration.ofMinutes(16)))
                .withMessageContaining("15 minutes");
    }

    @Test
    void whatOthersRemovedIsForgotten() {
        TestOwner one = owner();
        TestOwner other = owner();
        for (int i = 0; i < 20; i++) {
            CacheId id = one.create();
            one.registry.release(id);
        }
        for (int beat = 0; beat < 200; beat++) {
            time.pass(Duration.ofSeconds(20));
            one.registry.beat();
            other.registry.beat();
        }
        other.registry.sweep();
        assertThat(bucket.keys("registry/")).isEmpty();
        one.registry.sweep();
        one.registry.sweep();

        assertThat(one.states().remembered()).isZero();
    }

    @Test
    void anOwnRenewalThatIsStillUnderWayIsNotDeath() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        time.pass(LEASE.dividedBy(3));
        // S3 answers so while another request on the same key, here our own, is under way
        owner.way.next("PUT owners/", owner.way.arrivesLate()).next("PUT owners/", TestWay.isAnswered(409));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner.registry::beat);

        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner.registry::beat);
        assertThat(owner.way.arrive()).contains(true);
        owner.registry.beat();

        assertThat(owner.lost).isEmpty();
        assertThat(owner.registry.holds(id)).isTrue();
    }

    @Test
    void theHourlyLookIsSomeFiveRequestsForEachPage() {
        double worst = 0;
        for (int caches : new int[] {70, 280}) {
            MemoryBucket many = new MemoryBucket(time, 7);
            try (TestOwner owner = new TestOwner(many, time, settings)) {
                for (int i = 0; i < caches; i++) {
                    owner.create();
                }
                TestWay way = new TestWay();
                S3Objects objects = many.objects(way);
                StateCaches states =
                        new StateCaches(objects, new StateChain(objects, time.ownClock(), settings.guard()));
                S3Purge purge = new S3Purge(objects, new S3Files(objects), states);
                try {
                    int unused = purge.everything();
                } catch (UnsupportedOperationException listingOfUploads) {
                    // the bucket in memory has none
                }
                List<String> sent = way.takeKinds();
                long lists = sent.stream().filter("LIST"::equals).count();
                worst = Math.max(worst, lists * 7.0 / caches);
            }
        }
        assertThat(worst).isLessThan(6);
    }

    @Test
    void deletingWhatStaysEnds() {
        S3Objects objects = bucket.objects(new MemoryBucket.Way() {
            @Override
            public <T> T send(String request, Supplier<T> effect) {
                @SuppressWarnings("unchecked") // only a deletion is answered like this
                T nothing = (T) DeleteObjectsResponse.builder().build();
                return request.startsWith("DELETE") ? nothing : effect.get();
            }
        });
        for (int i = 0; i < 8; i++) {
            objects.put("caches/x/" + i, new byte[1]);
        }

        assertTimeoutPreemptively(Duration.ofSeconds(3), () -> objects.deleteAll("caches/x/"));
    }

    @Test
    void aDownloadThatEndsAfterTheLastHandleLeavesNothing() throws Exception {
        try (LocalCopies copies = new LocalCopies(() -> folder)) {
            CacheId id = CacheId.random(Instant.now());
            assertThatIllegalStateException()
                    .isThrownBy(() -> copies.get(id, new RelativeName("a.txt"), (target, known) -> {
                        Path unused = Files.writeString(target, "text");
                        copies.letGo(id);
                        return "1";
                    }));

            try (Stream<Path> left = Files.walk(folder)) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void aSweepDoesNotSayOfAForcedEvictThatItHasSeenOtherwiseSinceThen() {
        S3RegistrySettings tenSeconds = new S3RegistrySettings(LEASE, HORIZON, Duration.ofSeconds(10));
        TestOwner operator = owner();
        try (TestOwner holder = new TestOwner(bucket, time, tenSeconds)) {
            holder.alive();
            CacheId id = holder.create();
            time.pass(Duration.ofSeconds(20));
            holder.way.next("LIST registry/", TestWay.before(() -> {
                operator.registry.evictForcibly(id);
                // the rest of a long pass
                time.pass(Duration.ofSeconds(30));
            }));
            assertThat(holder.registry.sweep().skipped()).isNull();

            assertThat(holder.registry.holds(id)).isFalse();
        }
    }

    @Test
    void aChangeOfAMachineThatSleptIsNotBelievedWithoutALook() {
        TestWay way = new TestWay();
        // the monotonic clock stands still while a machine sleeps
        MetadataChain slept = new MetadataChain(
                bucket.objects(way),
                new OwnClock(
                        () -> 0L,
                        () -> Duration.between(Instant.EPOCH, time.instant()).toNanos()));
        MetadataChain other = new MetadataChain(bucket.objects(), time.ownClock());
        CacheId id = CacheId.random(Instant.now());
        other.create(id, Map.of("id", id.value(), "n", 0));
        other.update(id, old -> Map.of("id", id.value(), "n", 1));
        way.next("PUT metadata/", TestWay.after(() -> {
            other.update(id, old -> Map.of("id", id.value(), "n", 2));
            other.update(id, old -> Map.of("id", id.value(), "n", 3));
            time.pass(Duration.ofMinutes(11));
            other.update(id, old -> Map.of("id", id.value(), "n", 4));
        }));
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> slept.update(id, old -> Map.of("id", id.value(), "n", "mine")))
                .withMessageContaining("is not known");
    }

    @Test
    void oneAnswerThatDoesNotComeIsWaitedForAndNotOneForEachCache() {
        S3RegistrySettings tenSeconds = new S3RegistrySettings(LEASE, HORIZON, Duration.ofSeconds(10));
        try (TestOwner holder = new TestOwner(bucket, time, tenSeconds)) {
            holder.alive();
            List<CacheId> ids = List.of(holder.create(), holder.create(), holder.create());
            time.pass(Duration.ofSeconds(11));
            holder.way.next("LIST registry/", TestWay.after(() -> {
                time.pass(Duration.ofSeconds(30));
                throw SdkClientException.create("timed out");
            }));
            holder.way.take();

            assertThat(ids).allMatch(holder.registry::holds);

            assertThat(holder.way.takeKinds()).containsExactly("LIST");
            time.pass(Duration.ofSeconds(11));
            assertThat(ids).allMatch(holder.registry::holds);
            assertThat(holder.way.takeKinds()).containsExactly("LIST", "LIST", "LIST");
        }
    }
}
