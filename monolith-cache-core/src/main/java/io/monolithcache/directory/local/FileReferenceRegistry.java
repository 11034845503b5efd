// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.local.ReferenceFiles.Removal;
import io.monolithcache.owner.Liveness;
import io.monolithcache.owner.Owner;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the file system count: creating a file adds a reference, deleting it drops one, and {@code rmdir refs/<id>}
 * succeeds for exactly one party, and only when no name is left. No count is ever written, so none is ever wrong.
 *
 * <pre>
 * create   rename prepared/&lt;me&gt;/… (which holds a file &lt;me&gt;) → refs/&lt;id&gt;;  or mkdir refs/&lt;id&gt;, create refs/&lt;id&gt;/&lt;me&gt;
 *          write meta.json in prepared/&lt;me&gt;/…, rename → caches/&lt;id&gt;
 * attach   look for caches/&lt;id&gt;; create refs/&lt;id&gt;/&lt;me&gt;
 * release  unlink refs/&lt;id&gt;/&lt;me&gt;; drop
 * drop     rmdir refs/&lt;id&gt;; only when that succeeds: wipe
 * wipe     rename caches/&lt;id&gt; → trash/&lt;id&gt;-&lt;random&gt;
 * lock     create refs/&lt;id&gt;/locked or locked-until-&lt;ms&gt;; fsync refs/&lt;id&gt;; unlink timed locks that end earlier
 * unlock   unlink the locks listed; drop
 * evict    list; nobody alive: unlink what was listed; rmdir, or put the locks back
 * evictForcibly  rename refs/&lt;id&gt; → trash; wipe
 * </pre>
 *
 * <p>That {@code refs/<id>} is absent is final for every id and for everybody, its creator included: so an id is never
 * tried twice, and nothing is revived. The order of the steps was checked exhaustively by a model of this protocol, and
 * is not changed without it. {@link FileSweep} removes what the dead leave.
 */
final class FileReferenceRegistry implements ReferenceRegistry {

    private static final Logger log = LoggerFactory.getLogger(FileReferenceRegistry.class);

    static final String NAME = "file";

    private static final byte[] NOTHING = {};

    private final LocalRoot root;
    private final LocalDirectoryStorage storage;
    private final Clock clock;
    private final Layout layout;
    private final ReferenceFiles files;
    private final OwnerLife life;
    private final Liveness liveness;
    private final PreparedPool pool = new PreparedPool(this::prepare);
    private Listener listener = (id, trash) -> {};

    FileReferenceRegistry(LocalRoot root, LocalDirectoryStorage storage, Clock clock) {
        this.root = root;
        this.storage = storage;
        this.clock = clock;
        this.layout = root.layout();
        this.files = new ReferenceFiles(layout);
        this.life = new OwnerLife(root, storage, files);
        this.liveness = new Liveness(layout.owners());
    }

    @Override
    public boolean start(Listener wipeListener) {
        listener = wipeListener;
        return storage.start()
                && Disk.call(
                        "look at the cache root " + layout.base(),
                        () -> hasEntries(layout.owners()) || hasEntries(layout.refs()) || hasEntries(layout.trash()));
    }

    private static boolean hasEntries(Path folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder)) {
            return entries.iterator().hasNext();
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** The storage tells whether the disk does. */
    @Override
    public RegistryStatus status() {
        return new RegistryStatus(NAME, null, null, null);
    }

    @Override
    public @Nullable String owner() {
        return life.name();
    }

    /** This owner, brought to life on first use. */
    private Owner me() {
        return life.owner();
    }

    @Override
    public boolean create(CacheId id, Map<String, Object> metadata) {
        Owner me = me();
        PreparedPool.Prepared prepared = pool.poll();
        boolean referenced = Disk.call(
                "create cache " + id + " in " + layout.base(),
                () -> prepared == null ? reference(id, me) : referenceWith(prepared, id, me));
        if (!referenced) {
            return false;
        }
        try {
            storage.publish(prepared == null ? storage.prepare() : prepared.directory(), id, metadata);
        } catch (CacheBackendException | IllegalArgumentException failure) {
            undo(id, me, failure);
            throw failure;
        }
        return true;
    }

    /** Makes the first reference; false if the id cannot be had. */
    private boolean reference(CacheId id, Owner me) throws IOException {
        life.requireInPlace(me);
        Path folder = layout.refs(id);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
        try {
            return referenceInPlace(id, me);
        } catch (IOException | CacheBackendException failure) {
            Files.deleteIfExists(folder);
            throw failure;
        }
    }

    /** What was prepared lies in the folder of this owner, wherever that was moved to. */
    private boolean referenceWith(PreparedPool.Prepared prepared, CacheId id, Owner me) throws IOException {
        life.requireInPlace(me);
        return files.take(storage.workspace(), prepared.references(), id);
    }

    /** False if there is no such folder of references. */
    private boolean referenceInPlace(CacheId id, Owner me) throws IOException {
        if (!files.create(id, me.name())) {
            return false;
        }
        try {
            life.requireInPlace(me);
            return true;
        } catch (CacheBackendException replaced) {
            // by path, because the folder that this owner has open is not the one in which it made the reference
            Files.deleteIfExists(layout.refs(id).resolve(me.name()));
            throw replaced;
        }
    }

    private PreparedPool.Prepared prepare() throws IOException {
        String name = storage.prepare();
        Path references = storage.workspace().path().resolve(name);
        Path reference = references.resolve(me().name());
        try {
            storage.workspace().write(name + "/" + me().name(), NOTHING);
            return new PreparedPool.Prepared(name, storage.prepare());
        } catch (IOException | CacheBackendException failure) {
            // a full disk is not filled further by what was prepared in part
            Files.deleteIfExists(reference);
            Files.deleteIfExists(references);
            throw failure;
        }
    }

    private void undo(CacheId id, Owner me, Exception failure) {
        Disk.undo(failure, () -> {
            files.remove(id, me.name());
            drop(id);
        });
    }

    @Override
    public void attach(CacheId id) {
        Owner me = me();
        boolean attached = Disk.call("attach to cache " + id, () -> storage.isThere(id) && referenceInPlace(id, me));
        if (!attached) {
            throw new CacheNotFoundException(id);
        }
    }

    @Override
    public void release(CacheId id) {
        if (!Disk.call("release cache " + id, () -> files.remove(id, me().name()))) {
            throw new CacheLostException(id);
        }
        try {
            drop(id);
        } catch (IOException | CacheBackendException failure) {
            log.warn("Cache {} was released but could not be wiped; the next sweep tries again", id, failure);
        }
    }

    /** Wipes a cache if nothing is left that needs it; true if this very call did. */
    private boolean drop(CacheId id) throws IOException {
        if (files.removeFolder(id) != Removal.DONE) {
            return false;
        }
        wipe(id);
        return true;
    }

    /** Makes a cache vanish; false if another party has wiped it. */
    boolean wipe(CacheId id) {
        DirectoryStorage.Trash trash = storage.trash(id);
        if (trash == null) {
            return false;
        }
        listener.wiped(id, trash);
        return true;
    }

    @Override
    public boolean holds(CacheId id) {
        return files.exists(id, me().name());
    }

    @Override
    public void lock(CacheId id, @Nullable Instant until) {
        me();
        LockFile lock = LockFile.until(until);
        Disk.run("lock cache " + id, () -> {
            List<LockFile> before = visibleReferences(id).locks();
            if (!files.create(id, lock.name())) {
                throw new CacheNotFoundException(id);
            }
            files.sync(id);
            for (LockFile other : before) {
                // only a timed lock tidies up: the protocol has a lock without an end write its name and no more
                if (lock.until() != null && lock.outlasts(other)) {
                    files.remove(id, other.name());
                }
            }
        });
    }

    @Override
    public boolean unlock(CacheId id) {
        me();
        return Disk.call("unlock cache " + id, () -> {
            for (LockFile lock : visibleReferences(id).locks()) {
                files.remove(id, lock.name());
            }
            return drop(id);
        });
    }

    private References visibleReferences(CacheId id) throws IOException {
        Optional<References> references = storage.isThere(id) ? References.read(layout.refs(id)) : Optional.empty();
        return references.orElseThrow(() -> new CacheNotFoundException(id));
    }

    @Override
    public void evict(CacheId id) {
        me();
        Disk.run("evict cache " + id, () -> {
            References seen = visibleReferences(id);
            refuseIfAlive(id, seen.owners());
            boolean ended = false;
            for (String dead : seen.owners()) {
                ended |= files.remove(id, dead);
            }
            for (LockFile lock : seen.locks()) {
                ended |= files.remove(id, lock.name());
            }
            switch (files.removeFolder(id)) {
                case DONE -> wipe(id);
                case GONE -> {
                    // a sweep that found no name left, because this took the last one away, has wiped it for us
                    if (!ended) {
                        throw new CacheNotFoundException(id);
                    }
                }
                case NOT_EMPTY -> restore(id, seen.locks());
            }
        });
    }

    private void refuseIfAlive(CacheId id, List<String> owners) throws IOException {
        List<CacheOwner> holders = new ArrayList<>();
        boolean anybody = false;
        for (String name : owners) {
            if (liveness.isAlive(name)) {
                anybody = true;
                References.describe(name).ifPresent(holders::add);
            }
        }
        if (anybody) {
            throw new CacheInUseException(id, holders);
        }
    }

    /** Somebody attached this instant: the locks come back under their names, unless he let go and wiped it. */
    private void restore(CacheId id, List<LockFile> locks) throws IOException {
        for (LockFile lock : locks) {
            if (!files.create(id, lock.name())) {
                return;
            }
        }
        if (!locks.isEmpty()) {
            files.sync(id);
        }
        List<CacheOwner> owners =
                References.read(layout.refs(id)).map(References::describeOwners).orElse(List.of());
        throw new CacheInUseException(id, owners);
    }

    @Override
    public void evictForcibly(CacheId id) {
        me();
        Disk.run("evict cache " + id + " by force", () -> {
            String trashed = "refs-" + UUID.randomUUID();
            if (!storage.isThere(id) || !storage.vanish(new NamedFolder(layout.refs()), id.value(), trashed)) {
                throw new CacheNotFoundException(id);
            }
            wipe(id);
            storage.delete(trashed);
        });
    }

    @Override
    public Optional<Standing> find(CacheId id) {
        return Disk.call(
                "look at cache " + id,
                () -> storage.isThere(id) ? References.read(layout.refs(id)).map(this::standing) : Optional.empty());
    }

    private Standing standing(References references) {
        Optional<LockFile> lock = LockFile.longest(references.locks(), clock.instant());
        return new Standing(
                references.describeOwners(),
                lock.isPresent(),
                lock.map(LockFile::until).orElse(null),
                null);
    }

    @Override
    public Stream<CacheId> ids() {
        return storage.list();
    }

    @Override
    public List<CacheId> ids(@Nullable CacheId after, int limit) {
        // the file system lists in no order; the smallest ones are kept while all go by
        PriorityQueue<CacheId> smallest = new PriorityQueue<>(Comparator.<CacheId>reverseOrder());
        try (Stream<CacheId> all = storage.list()) {
            all.filter(id -> after == null || id.compareTo(after) > 0).forEach(id -> {
                smallest.add(id);
                if (smallest.size() > limit) {
                    smallest.remove();
                }
            });
        }
        return smallest.stream().sorted().toList();
    }

    @Override
    public SweepReport sweep() {
        return new FileSweep(root, storage, this, files, liveness, clock).run();
    }

    @Override
    public void close() {
        pool.close();
        life.close();
    }
}
