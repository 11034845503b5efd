// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.s3.StateChain.Changed;
import io.monolithcache.directory.s3.StateChain.Read;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which caches there are, and their metadata, as the states of the registry say it. A storage that asks here changes
 * nothing but metadata: the registry makes caches visible, and lets them vanish.
 */
final class StateCaches implements S3Caches {

    private final S3Objects bucket;
    private final StateChain states;

    StateCaches(S3Objects bucket, StateChain states) {
        this.bucket = bucket;
        this.states = states;
    }

    /** The registry has done that, with its first version. */
    @Override
    public void create(CacheId id, Map<String, Object> metadata) {}

    @Override
    public Look look(CacheId id, Instant now) {
        return live(id) == null ? Look.GONE : Look.FREE;
    }

    private @Nullable CacheState live(CacheId id) {
        Read read = states.read(id);
        return read != null && read.state().isLive() ? read.state() : null;
    }

    @Override
    public Map<String, Object> read(CacheId id) {
        CacheState state = live(id);
        if (state == null) {
            throw new CacheNotFoundException(id);
        }
        return state.metadata();
    }

    /**
     * Changes the metadata, for one after the other.
     *
     * @param change may be asked again, also with its own result if a write of it was not answered
     */
    @Override
    public Map<String, Object> update(CacheId id, UnaryOperator<Map<String, Object>> change) {
        Changed changed = states.change(id, seen -> {
            S3References.requireLive(id, seen.state());
            return seen.state().withMetadata(change.apply(seen.state().metadata()));
        });
        return changed.state().metadata();
    }

    /** That a wipe has begun is said by the state. */
    @Override
    public boolean mark(CacheId id, String wiper) {
        return live(id) != null;
    }

    @Override
    public void unmark(CacheId id, String wiper) {}

    @Override
    public void unmark(CacheId id) {}

    /** The registry has made it vanish; whoever asks is to delete the data. */
    @Override
    public boolean remove(CacheId id) {
        return true;
    }

    /** The sweep of the registry looks after those. */
    @Override
    public List<CacheId> vanished() {
        return List.of();
    }

    /** What is left of a cache is the sweep's, later. */
    @Override
    public void forget(CacheId id) {}

    @Override
    public int forgetRemains() {
        return 0;
    }

    @Override
    public boolean looksForData() {
        return true;
    }

    @Override
    public Stream<CacheId> list(@Nullable CacheId from) {
        return DataPage.from(bucket, from).flatMap(page -> live(page).stream());
    }

    private List<CacheId> live(DataPage page) {
        if (page.ids().isEmpty()) {
            return List.of();
        }
        Set<CacheId> live = new HashSet<>();
        CacheId last = page.ids().get(page.ids().size() - 1);
        new Listing(bucket, S3Keys.REGISTRY).forEachFrom(page.ids().get(0), last, versions -> {
            CacheId id = versions.id();
            CacheState state = id == null || !versions.hasFirst() ? null : states.version(id, versions.highest());
            if (id != null && state != null && state.isLive()) {
                live.add(id);
            }
        });
        return page.ids().stream().filter(live::contains).toList();
    }
}
