// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** An owner over a bucket in memory, with a way of its own, and what it learned. */
final class TestOwner implements AutoCloseable {

    final TestWay way = new TestWay();
    final S3ReferenceRegistry registry;
    final StateCaches metadata;
    private final StateChain states;
    final List<CacheId> wiped = new CopyOnWriteArrayList<>();
    final List<CacheId> lost = new CopyOnWriteArrayList<>();

    TestOwner(MemoryBucket bucket, TestTime time, S3RegistrySettings settings) {
        this(bucket, time, settings, time.ownClock());
    }

    TestOwner(MemoryBucket bucket, TestTime time, S3RegistrySettings settings, OwnClock clock) {
        S3Objects objects = bucket.objects(way);
        states = new StateChain(objects, clock, settings.guard());
        DataInBucket data = new DataInBucket(objects, states);
        metadata = data.metadata();
        registry = data.registry(settings, time, clock);
        boolean unused = registry.start(new ReferenceRegistry.Listener() {
            @Override
            public void wiped(CacheId id, DirectoryStorage.Trash trash) {
                trash.delete();
                wiped.add(id);
            }

            @Override
            public void lost(CacheId id) {
                lost.add(id);
            }
        });
    }

    /** It has a lease from here on, and what that took is forgotten. */
    TestOwner alive() {
        registry.requireAlive();
        List<String> unused = way.take();
        return this;
    }

    CacheId create() {
        CacheId id = CacheId.random(Instant.now());
        assertThat(registry.create(id, Map.of("colour", "green"))).isTrue();
        return id;
    }

    CacheId createLocked() {
        CacheId id = create();
        registry.lock(id, null);
        registry.release(id);
        return id;
    }

    String name() {
        return Objects.requireNonNull(registry.owner());
    }

    List<String> owners(CacheId id) {
        return registry.find(id).orElseThrow().owners().stream()
                .map(CacheOwner::name)
                .toList();
    }

    StateChain states() {
        return states;
    }

    boolean sees(CacheId id) {
        return registry.find(id).isPresent();
    }

    @Override
    public void close() {
        registry.close();
    }
}
