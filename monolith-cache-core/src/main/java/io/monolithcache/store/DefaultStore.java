// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.owner.Uninterruptibly;
import io.monolithcache.store.ValueFormat.CorruptException;
import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexedEntry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store over the files of one folder; what it consists of is told in {@link StoreParts}. */
final class DefaultStore implements Store {

    private static final Logger log = LoggerFactory.getLogger(DefaultStore.class);

    private final StoreParts parts;
    private final StoreSettings settings;
    private final ValueWriter writer;
    private final Loads loads;
    private final Expiry expiry;
    private final MemoryTier memory;
    private final Listing listing;
    private final DefaultContentFiles files;

    DefaultStore(StorePlace place, StoreSettings settings) throws IOException {
        this.settings = settings;
        this.parts = new StoreParts(place, settings);
        this.writer = new ValueWriter(settings.isSynced());
        this.loads = new Loads(parts.board, parts.gate, settings.loadPatience());
        this.expiry = new Expiry(parts, settings.limits());
        this.memory = settings.memory() == 0 ? MemoryTier.NONE : new CaffeineTier(settings.memory());
        this.listing = new Listing(parts);
        this.files = new DefaultContentFiles(parts);
        expiry.start();
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Optional<Entry> find(String key) {
        EntryHash hash = EntryHash.ofKey(key);
        parts.evictor.asked(hash);
        Entry found = look(hash, key);
        (found == null ? parts.events.misses : parts.events.hits).increment();
        return Optional.ofNullable(found);
    }

    private @Nullable Entry look(EntryHash hash, String key) {
        parts.gate.check();
        return parts.run("read", key, () -> {
            int version = parts.versions.of(hash);
            Entry found = memory.find(hash, version);
            if (found == null) {
                found = read(hash, key, version);
            }
            if (found != null && expiry.isTooOld(found.createdAt()) && !parts.files.isLocked(hash)) {
                found.close();
                boolean unused = removed(hash, EvictionCause.AGE, () -> expiry.isTooOld(hash));
                return null;
            }
            if (found != null) {
                parts.used(hash);
            }
            return found;
        });
    }

    private @Nullable Entry read(EntryHash hash, String key, int version) throws IOException {
        Path file = parts.files.of(hash, EntryKind.VALUE);
        boolean isToVerify = parts.verified.isToVerify(hash, version);
        Entry found;
        try {
            found = Uninterruptibly.run(() -> ValueReader.open(file, key, isToVerify));
        } catch (CorruptException corrupt) {
            removeCorrupt(hash, key);
            return null;
        }
        if (found != null && isToVerify) {
            parts.verified.verified(hash, version);
        }
        if (found instanceof StoredValue value && settings.memory() > 0) {
            found = value.shared();
            memory.keep(hash, version, value);
        }
        return found;
    }

    private boolean removed(EntryHash hash, EvictionCause cause, Removal.Check check) {
        return parts.change("remove", hash.toString(), () -> parts.removal.remove(hash, cause, check));
    }

    /** Unless it was replaced meanwhile. */
    private void removeCorrupt(EntryHash hash, String key) {
        boolean unused = removed(hash, EvictionCause.CORRUPT, () -> {
            Path file = parts.files.of(hash, EntryKind.VALUE);
            try (Entry again = ValueReader.open(file, key, true)) {
                return again == null;
            } catch (CorruptException corrupt) {
                log.warn("'{}' is removed from the store {}: {}", key, parts.layout.base(), corrupt.getMessage());
                return true;
            }
        });
    }

    @Override
    public boolean contains(String key) {
        parts.gate.check();
        return parts.files.of(EntryHash.ofKey(key), EntryKind.VALUE).toFile().exists();
    }

    @Override
    public boolean put(String key, Content content, Set<String> tags) {
        EntryHash hash = EntryHash.ofKey(key);
        return parts.change("store", key, () -> {
            try {
                return parts.withRoom(() -> write(hash, key, content, tags));
            } catch (StoreFullException full) {
                reject(full);
                // what is there is not what the caller has now
                boolean unused = parts.removal.remove(hash, EvictionCause.SPACE, () -> true);
                return false;
            }
        });
    }

    private void reject(StoreException full) {
        parts.events.rejected.increment();
        log.debug("Not stored", full);
    }

    private boolean write(EntryHash hash, String key, Content content, Set<String> tags) throws IOException {
        long now = settings.clock().millis();
        Path file = parts.writing.next();
        boolean isMoved = false;
        try (Space.Claim claim = parts.space.claim("'" + key + "'")) {
            ValueWriter.Written written = writer.write(file, claim, key, tags, now, content);
            long bytes = parts.files.blocks(written.file());
            IndexedEntry entry = new IndexedEntry(hash, key, written.content(), bytes, now, now, 0, false, tags);
            parts.become(claim, file, entry, EntryKind.VALUE);
            isMoved = true;
            return true;
        } finally {
            if (!isMoved) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public Entry getOrLoad(String key, Loader loader, Set<String> tags) throws Exception {
        EntryHash hash = EntryHash.ofKey(key);
        parts.evictor.asked(hash);
        Entry present = look(hash, key);
        (present == null ? parts.events.misses : parts.events.hits).increment();
        return present != null
                ? present
                : loads.load(hash, () -> look(hash, key), load -> load(hash, key, loader, tags, load));
    }

    private Entry load(EntryHash hash, String key, Loader loader, Set<String> tags, Loads.Load load) throws Exception {
        parts.events.loads.increment();
        Content content = loader.load(key);
        boolean isStored;
        try {
            isStored = put(key, content, tags);
        } catch (EntryTooLargeException never) {
            reject(never);
            isStored = false;
        }
        if (content instanceof Content.Bytes bytes) {
            StoredValue value = new StoredValue(
                    new ValueFormat.Trailer(key, tags, settings.clock().millis(), bytes.bytes().length, 0),
                    bytes.bytes());
            load.share(value.shared());
            return value.shared();
        }
        Entry stored = isStored ? look(hash, key) : null;
        return stored != null
                ? stored
                : new UnstoredValue(key, tags, settings.clock().instant(), content);
    }

    @Override
    public boolean remove(String key) {
        EntryHash hash = EntryHash.ofKey(key);
        return removed(hash, EvictionCause.REQUEST, () -> true);
    }

    @Override
    public boolean lock(String key) {
        return setLocked(key, true);
    }

    @Override
    public boolean unlock(String key) {
        return setLocked(key, false);
    }

    private boolean setLocked(String key, boolean isLocked) {
        EntryHash hash = hash(key);
        return parts.change(
                isLocked ? "lock" : "unlock",
                key,
                () -> parts.stripes.locked(hash, () -> {
                    if (parts.files.usage(hash).isNothing()) {
                        return false;
                    }
                    Path lock = parts.files.lock(hash);
                    if (isLocked) {
                        try {
                            Path unused = Files.createFile(lock);
                        } catch (FileAlreadyExistsException already) {
                            log.debug("{} was locked before", key);
                        }
                    } else {
                        Files.deleteIfExists(lock);
                    }
                    parts.catalog.changing();
                    parts.catalog.locked(hash, isLocked);
                    parts.catalog.changed();
                    return true;
                }));
    }

    /** Of a value, or of a file that is named by its content. */
    private static EntryHash hash(String key) {
        EntryHash content = ContentKeys.parse(key);
        return content == null ? EntryHash.ofKey(key) : content;
    }

    @Override
    public Stream<EntryDescription> entries() {
        return entries(Selection.ALL, null);
    }

    @Override
    public Stream<EntryDescription> entriesAfter(String hash) {
        return entries(Selection.ALL, hash);
    }

    @Override
    public Stream<EntryDescription> entries(Selection selection, @Nullable String after) {
        parts.gate.check();
        return listing.entries(selection, after == null ? null : EntryHash.parse(after));
    }

    @Override
    public Optional<EntryDescription> describe(String hash) {
        parts.gate.check();
        return listing.describe(EntryHash.parse(hash));
    }

    @Override
    public EvictionReport evict(Selection selection, boolean isDryRun) {
        return parts.change("evict", "entries", () -> listing.evict(selection, isDryRun));
    }

    @Override
    public EvictionReport evict(String hash, boolean isDryRun) {
        EntryHash named = EntryHash.parse(hash);
        return parts.change("evict", hash, () -> listing.evict(named, isDryRun));
    }

    @Override
    public EvictionReport wouldEvict(long bytes) {
        parts.gate.check();
        return listing.wouldEvict(bytes, settings.limits(), settings.policy());
    }

    @Override
    public ContentFiles files() {
        return files;
    }

    @Override
    public EvictionReport sweep() {
        return parts.change("sweep", "everything", expiry::sweep);
    }

    @Override
    public StoreStatus status() {
        parts.gate.check();
        return parts.run("look at", "the store", () -> {
            if (!Files.isDirectory(parts.layout.base())) {
                throw new StoreRootException(
                        "The root of the store, " + parts.layout.base() + ", was removed while this process used it.",
                        "Restart the application, and keep others from removing it.");
            }
            Usage usage = parts.board.usage();
            StoreEvents events = parts.events;
            return new StoreStatus(
                    settings.name(),
                    parts.layout.base(),
                    settings.index().name(),
                    settings.policy(),
                    settings.limits(),
                    usage.bytes(),
                    usage.entries(),
                    parts.board.processes(),
                    parts.space.free(),
                    events.hits.sum(),
                    events.misses.sum(),
                    events.puts.sum(),
                    events.loads.sum(),
                    events.rejected.sum(),
                    parts.catalog.unwritten(),
                    !parts.catalog.isIncomplete(),
                    events.evictions());
        });
    }

    @Override
    public void close() {
        parts.close();
    }
}
