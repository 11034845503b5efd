// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.ReferenceRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each operation costs, in requests; docs/s3.md says the same. */
class RegistryRequestsTests extends OneBucket {

    private final TestOwner owner = owner();
    private final TestOwner other = owner();

    private List<String> requests() {
        return owner.way.takeKinds();
    }

    private CacheId theirs() {
        CacheId id = other.create();
        owner.way.take();
        return id;
    }

    @Test
    void aCreateIsOnePutBesideTheData() {
        CacheId id = CacheId.random(Instant.now());

        owner.registry.create(id, Map.of());

        assertThat(owner.way.take()).containsExactly("PUT " + S3Keys.version(id, 1), "PUT caches/" + id + "/meta.json");
    }

    @Test
    void anAttachIsThreeAndOneLessWhenTheVersionIsKnown() {
        CacheId id = theirs();

        owner.registry.attach(id);
        assertThat(requests()).containsExactly("LIST", "GET", "PUT");

        owner.registry.release(id);
        assertThat(requests()).containsExactly("LIST", "PUT");
    }

    @Test
    void aLockIsThreeAndOneLessWhenTheVersionIsKnown() {
        CacheId id = theirs();

        owner.registry.lock(id, null);
        assertThat(requests()).containsExactly("LIST", "GET", "PUT");

        owner.registry.unlock(id);
        assertThat(requests()).containsExactly("LIST", "PUT");
    }

    @Test
    void theLastReleaseIsTwoAndDeletesTheDataAndTwoMore() {
        CacheId id = owner.create();
        owner.way.take();

        owner.registry.release(id);

        assertThat(requests()).containsExactly("LIST", "PUT", "LIST", "DELETE", "LIST", "PUT");
    }

    @Test
    void whatIsAsItShouldBeIsNotWritten() {
        CacheId id = owner.create();
        owner.way.take();

        owner.registry.attach(id);
        assertThat(requests()).containsExactly("LIST");
        owner.registry.unlock(id);
        assertThat(requests()).containsExactly("LIST");
    }

    @Test
    void aLookIsOneAndOneMoreWhenItChanged() {
        CacheId id = theirs();
        owner.registry.attach(id);
        owner.way.take();

        owner.registry.holds(id);
        assertThat(requests()).containsExactly("LIST");

        other.registry.lock(id, null);
        owner.registry.holds(id);
        assertThat(requests()).containsExactly("LIST", "GET");
    }

    @Test
    void anOwnerIsOnePutAfterTheStoreWasTried() {
        TestOwner fresh = new TestOwner(bucket, time, settings);
        fresh.way.take();

        fresh.registry.requireAlive();

        List<String> requests = fresh.way.take();
        assertThat(requests.get(requests.size() - 1)).isEqualTo("PUT " + S3Keys.link(fresh.name(), 1));
        // two one after the other, six times eight at the same time, and away with what that left
        assertThat(requests.subList(0, requests.size() - 1)).hasSize(2 + 48 + 1);
        assertThat(bucket.keys("owners/"))
                .contains(S3Keys.link(fresh.name(), 1))
                .hasSize(3);
        fresh.close();
    }

    @Test
    void aPageIsAListingOfTheDataAndOneOfTheStates() {
        MemoryBucket large = new MemoryBucket(time, S3Objects.MOST_KEYS);
        try (TestOwner holder = new TestOwner(large, time, settings).alive();
                TestOwner looking = new TestOwner(large, time, settings)) {
            for (int number = 0; number < 50; number++) {
                holder.create();
            }
            List<CacheId> ids = looking.registry.ids(null, 50);
            assertThat(looking.registry.find(ids.stream())).hasSize(50);
            looking.way.take();

            List<CacheId> again = looking.registry.ids(null, 50);
            assertThat(looking.registry.find(again.stream()))
                    .extracting(ReferenceRegistry.Found::id)
                    .isEqualTo(ids);
            assertThat(looking.registry.find(again.stream().skip(20).limit(10)))
                    .extracting(found -> found.standing().metadata())
                    .doesNotContainNull()
                    .hasSize(10);

            assertThat(looking.way.takeKinds()).containsExactly("LIST", "LIST", "LIST");
        }
    }

    @Test
    void aSweepOfCachesThatNobodyTouchedIsAFewListings() {
        MemoryBucket large = new MemoryBucket(time, S3Objects.MOST_KEYS);
        try (TestOwner holder = new TestOwner(large, time, settings).alive()) {
            for (int number = 0; number < 10_000; number++) {
                holder.create();
            }
            holder.registry.sweep();
            holder.way.take();

            holder.registry.sweep();

            List<String> requests = holder.way.takeKinds();
            assertThat(requests).containsOnly("LIST").hasSizeLessThanOrEqualTo(40);
        }
    }
}
