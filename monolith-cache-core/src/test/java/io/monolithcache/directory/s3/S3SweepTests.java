// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.LogWatch;
import io.monolithcache.directory.SweepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sweep removes, in which order, and what it leaves; the bucket lists seven keys a page. */
class S3SweepTests extends OneBucket {

    /** Everybody who lives renews, until everything that is there now is older than H. */
    private void growOld(TestOwner... living) {
        for (Duration passed = Duration.ZERO; passed.compareTo(LONG) < 0; passed = passed.plusSeconds(20)) {
            time.pass(Duration.ofSeconds(20));
            List.of(living).forEach(owner -> owner.registry.beat());
        }
    }

    private List<String> deletions(TestOwner owner) {
        return owner.way.take().stream()
                .filter(request -> request.startsWith("DELETE registry/") || request.startsWith("DELETE owners/"))
                .toList();
    }

    @Test
    void dataAreListedBeforeTheirStatesAndOwnersAreLookedAtAfterwards() {
        TestOwner owner = owner();
        for (int number = 0; number < 10; number++) {
            owner.create();
        }
        owner.way.take();

        owner.registry.sweep();

        List<String> requests = owner.way.take();
        assertThat(requests).startsWith("LIST owners/", "LIST caches/", "LIST registry/");
        assertThat(requests).containsOnly("LIST owners/", "LIST caches/", "LIST registry/");
    }

    @Test
    void whatLivesIsLeftAlone() {
        TestOwner owner = owner();
        TestOwner sweeper = owner();
        List<CacheId> ids = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            ids.add(owner.create());
            ids.add(owner.createLocked());
        }
        growOld(owner, sweeper);

        SweepReport report = sweeper.registry.sweep();

        assertThat(report.directories() + report.references() + report.deadOwners() + report.trash())
                .isZero();
        assertThat(ids).allMatch(sweeper::sees);
    }

    @Test
    void eachVersionIsReadOnce() {
        TestOwner owner = owner();
        TestOwner sweeper = owner();
        for (int number = 0; number < 20; number++) {
            owner.create();
        }
        sweeper.registry.sweep();
        assertThat(sweeper.way.takeKinds()).filteredOn("GET"::equals).hasSize(20);

        CacheId changed = owner.createLocked();
        sweeper.registry.sweep();

        assertThat(sweeper.way.take())
                .filteredOn(request -> request.startsWith("GET"))
                .containsExactly("GET " + S3Keys.version(changed, 3));
    }

    @Test
    void idsThatStraddleAPageAreSeenWhole() {
        TestOwner owner = owner();
        TestOwner sweeper = owner();
        List<CacheId> ids = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            CacheId id = owner.create();
            for (int change = 0; change < 5; change++) {
                owner.registry.lock(id, time.instant().plusSeconds(1_000L * (change + 1)));
            }
            ids.add(id);
        }

        assertThat(sweeper.registry.sweep().directories()).isZero();
        assertThat(ids).allMatch(sweeper::sees);
        ids.forEach(owner.registry::release);
        time.pass(Duration.ofSeconds(5_001));
        sweeper.registry.beat();

        SweepReport report = sweeper.registry.sweep();
        assertThat(report.directories()).isEqualTo(5);
        assertThat(report.locks()).isEqualTo(5);
    }

    @Test
    void versionsThatNobodyNeedsGoWhenTheirSuccessorIsOld() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        owner.registry.lock(id, null);
        owner.registry.unlock(id);
        growOld(owner);
        owner.registry.lock(id, null);
        owner.registry.unlock(id);

        owner.registry.sweep();

        // the third has a successor that is young
        assertThat(bucket.keys(S3Keys.versions(id)))
                .containsExactly(
                        S3Keys.version(id, 1), S3Keys.version(id, 3), S3Keys.version(id, 4), S3Keys.version(id, 5));
        growOld(owner);
        owner.registry.sweep();
        assertThat(bucket.keys(S3Keys.versions(id))).containsExactly(S3Keys.version(id, 1), S3Keys.version(id, 5));
        assertThat(owner.sees(id)).isTrue();
    }

    @Test
    void whatWasWipedGoesLaterAndItsFirstVersionFirst() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        owner.registry.release(id);
        owner.registry.sweep();
        assertThat(bucket.keys(S3Keys.versions(id))).hasSize(3);
        growOld(owner);
        owner.way.take();

        owner.registry.sweep();

        assertThat(deletions(owner))
                .containsExactly("DELETE " + S3Keys.version(id, 1), "DELETE " + S3Keys.version(id, 2));
        assertThat(bucket.keys(S3Keys.versions(id))).isEmpty();
    }

    @Test
    void aSweeperThatDiesBetweenTwoDeletionsLeavesTheRestToTheNext() {
        TestOwner owner = owner();
        TestOwner next = owner();
        CacheId id = owner.create();
        owner.registry.release(id);
        growOld(owner, next);
        owner.way.next("DELETE " + S3Keys.version(id, 2), TestWay.NEVER_ARRIVES);
        try (LogWatch quiet = new LogWatch()) {
            owner.registry.sweep();
        }
        assertThat(bucket.keys(S3Keys.versions(id))).containsExactly(S3Keys.version(id, 2), S3Keys.version(id, 3));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> next.registry.attach(id));

        next.registry.sweep();

        assertThat(bucket.keys(S3Keys.versions(id))).isEmpty();
    }

    @Test
    void aSweeperThatDiesAfterItDecidedToWipeLeavesTheRestToTheNext() {
        TestOwner silent = owner();
        TestOwner owner = owner();
        TestOwner next = owner();
        CacheId id = silent.create();
        time.pass(LAPSE);
        owner.registry.requireAlive();
        next.registry.requireAlive();
        owner.way.next("DELETE caches/", TestWay.NEVER_ARRIVES);
        try (LogWatch quiet = new LogWatch()) {
            assertThat(owner.registry.sweep().references()).isOne();
        }
        assertThat(next.sees(id)).isFalse();
        assertThat(bucket.keys("caches/")).hasSize(1);

        assertThat(next.registry.sweep().directories()).isOne();

        assertThat(next.wiped).containsExactly(id);
        assertThat(owner.wiped).isEmpty();
        assertThat(bucket.keys("caches/")).isEmpty();
    }

    @Test
    void theDataOfACacheThatIsBeingMadeAreNoOrphan() {
        TestOwner owner = owner();
        TestOwner sweeper = owner();
        CacheId[] made = new CacheId[1];
        sweeper.way.next("LIST registry/", TestWay.after(() -> made[0] = owner.create()));

        sweeper.registry.sweep();

        assertThat(bucket.keys("caches/")).hasSize(1);
        assertThat(sweeper.sees(made[0])).isTrue();
    }

    @Test
    void dataWithoutAFirstVersionAreDeleted() {
        TestOwner owner = owner();
        S3Objects other = bucket.objects();
        for (int number = 0; number < 20; number++) {
            other.put("caches/" + CacheId.random(Instant.now()) + "/late.txt", new byte[1]);
        }
        other.put("caches/not-an-id/file", new byte[1]);
        CacheId kept = owner.create();

        assertThat(owner.registry.sweep().trash()).isEqualTo(20);

        assertThat(bucket.keys("caches/")).containsExactly("caches/" + kept + "/meta.json", "caches/not-an-id/file");
    }

    @Test
    void versionsWithoutAFirstOneAreDeletedWithTheirData() {
        TestOwner owner = owner();
        CacheId id = CacheId.random(Instant.now());
        bucket.objects().put(S3Keys.version(id, 4), CacheStateJson.write(CacheState.created("o", "h", Map.of())));
        bucket.objects().put("caches/" + id + "/file", new byte[1]);

        owner.registry.sweep();

        assertThat(bucket.keys(S3Keys.versions(id))).isEmpty();
        assertThat(bucket.keys("caches/")).isEmpty();
    }

    @Test
    void theChainOfTheDeadGoesLaterAndItsMarkLast() {
        TestOwner silent = owner();
        TestOwner sweeper = owner();
        String dead = silent.name();
        silent.registry.beat();
        time.pass(LAPSE);
        sweeper.registry.requireAlive();
        sweeper.registry.sweep();
        assertThat(bucket.keys(S3Keys.chain(dead))).hasSize(3);
        growOld(sweeper);
        sweeper.way.take();

        sweeper.registry.sweep();

        assertThat(deletions(sweeper))
                .containsExactly("DELETE " + S3Keys.link(dead, 1), "DELETE " + S3Keys.link(dead, 3));
        assertThat(bucket.keys(S3Keys.chain(dead))).isEmpty();
    }

    @Test
    void aStateThatCannotBeReadKeepsNoOtherFromBeingSwept() {
        TestOwner silent = owner();
        TestOwner sweeper = owner();
        CacheId damaged = silent.create();
        CacheId good = silent.create();
        bucket.objects().put(S3Keys.version(damaged, 2), new byte[] {'{'});
        time.pass(LAPSE);
        sweeper.registry.requireAlive();

        try (LogWatch log = new LogWatch()) {
            assertThat(sweeper.registry.sweep().directories()).isOne();
            assertThat(log.causesOfWarnings())
                    .singleElement()
                    .satisfies(cause -> assertThat(cause).hasMessageContaining(S3Keys.version(damaged, 2)));
        }

        assertThat(sweeper.wiped).containsExactly(good);
    }

    @Test
    void anOwnerWhoCameAfterTheListingIsNoDeadOne() {
        TestOwner sweeper = owner();
        TestOwner creator = owner();
        CacheId id = creator.create();
        TestOwner[] late = new TestOwner[1];
        sweeper.way.next("LIST caches/", TestWay.after(() -> {
            late[0] = owner();
            late[0].registry.attach(id);
            creator.registry.release(id);
        }));

        sweeper.registry.sweep();

        assertThat(late[0].registry.holds(id)).isTrue();
    }

    @Test
    void oneSweepAtATime() {
        TestOwner owner = owner();
        SweepReport[] second = new SweepReport[1];
        Thread[] other = new Thread[1];
        owner.way.next("LIST registry/", TestWay.after(() -> {
            other[0] = new Thread(() -> second[0] = owner.registry.sweep());
            other[0].start();
            join(other[0]);
        }));

        assertThat(owner.registry.sweep().skipped()).isNull();

        assertThat(second[0].skipped()).contains("under way");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException told) {
            throw new IllegalStateException(told);
        }
    }
}
