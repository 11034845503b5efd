// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that is opened when it is first asked for something. If that fails, the next call tries again: what was in
 * the way may be gone.
 */
final class LazyStore implements Store {

    private final StorePlace place;
    private final StoreSettings settings;
    private final Supplier<Store> opening;
    private final ContentFiles files = new LazyContentFiles(() -> opened().files());
    private volatile @Nullable Store store;

    /** Guarded by this. */
    private boolean isClosed;

    LazyStore(StorePlace place, StoreSettings settings, Supplier<Store> opening) {
        this.place = place;
        this.settings = settings;
        this.opening = opening;
    }

    /** @throws StoreRootException if it could not be opened */
    void look() {
        try {
            place.look();
        } catch (IOException failure) {
            throw unseen(failure);
        }
    }

    private StoreException unseen(IOException failure) {
        return new StoreException("Could not look at the store " + place.root() + ": " + failure.getMessage(), failure);
    }

    private Store opened() {
        Store open = store;
        return open == null ? open() : open;
    }

    private synchronized Store open() {
        Store open = store;
        if (open == null) {
            checkOpen();
            open = opening.get();
            store = open;
        }
        return open;
    }

    private void checkOpen() {
        if (isClosed) {
            throw new IllegalStateException("The store " + place.root() + " is closed");
        }
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Optional<Entry> find(String key) {
        return opened().find(key);
    }

    @Override
    public boolean contains(String key) {
        return opened().contains(key);
    }

    @Override
    public boolean put(String key, Content content, Set<String> tags) {
        return opened().put(key, content, tags);
    }

    @Override
    public Entry getOrLoad(String key, Loader loader, Set<String> tags) throws Exception {
        return opened().getOrLoad(key, loader, tags);
    }

    @Override
    public boolean remove(String key) {
        return opened().remove(key);
    }

    @Override
    public boolean lock(String key) {
        return opened().lock(key);
    }

    @Override
    public boolean unlock(String key) {
        return opened().unlock(key);
    }

    @Override
    public Stream<EntryDescription> entries() {
        return opened().entries();
    }

    @Override
    public Stream<EntryDescription> entriesAfter(String hash) {
        return opened().entriesAfter(hash);
    }

    @Override
    public Stream<EntryDescription> entries(Selection selection, @Nullable String after) {
        return opened().entries(selection, after);
    }

    @Override
    public Optional<EntryDescription> describe(String hash) {
        return opened().describe(hash);
    }

    @Override
    public EvictionReport evict(Selection selection, boolean isDryRun) {
        return opened().evict(selection, isDryRun);
    }

    @Override
    public EvictionReport evict(String hash, boolean isDryRun) {
        return opened().evict(hash, isDryRun);
    }

    @Override
    public EvictionReport wouldEvict(long bytes) {
        return opened().wouldEvict(bytes);
    }

    @Override
    public ContentFiles files() {
        return files;
    }

    @Override
    public EvictionReport sweep() {
        return opened().sweep();
    }

    @Override
    public StoreStatus status() {
        Store open = store;
        return open == null ? unopened() : open.status();
    }

    private synchronized StoreStatus unopened() {
        Store open = store;
        if (open != null) {
            return open.status();
        }
        checkOpen();
        look();
        return new StoreStatus(
                settings.name(),
                place.root(),
                settings.index().name(),
                settings.policy(),
                settings.limits(),
                0,
                0,
                0,
                free(),
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                Map.of());
    }

    private long free() {
        try {
            return Files.getFileStore(place.nearestExisting()).getUsableSpace();
        } catch (IOException failure) {
            throw unseen(failure);
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        Store open = store;
        if (open != null) {
            open.close();
        }
    }
}
