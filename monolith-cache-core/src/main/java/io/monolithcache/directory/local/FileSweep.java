// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.local.ReferenceFiles.Removal;
import io.monolithcache.owner.Liveness;
import io.monolithcache.owner.ProcessLocks;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over a root, after which nothing is left of the dead. Every step may be repeated, by another party and after
 * a crash in the middle; a failure at one cache does not keep the others from being swept.
 *
 * <p>An owner's file goes last and its lock after that, so that whoever sees neither knows that its references are
 * gone. Caches are listed before their references are looked for, because a cache appears after its reference.
 */
final class FileSweep {

    private static final Logger log = LoggerFactory.getLogger(FileSweep.class);

    private final LocalRoot root;
    private final LocalDirectoryStorage storage;
    private final FileReferenceRegistry registry;
    private final ReferenceFiles files;
    private final Liveness liveness;
    private final Clock clock;
    private int deadOwners;
    private int references;
    private int locks;
    private int directories;
    private int trash;

    FileSweep(
            LocalRoot root,
            LocalDirectoryStorage storage,
            FileReferenceRegistry registry,
            ReferenceFiles files,
            Liveness liveness,
            Clock clock) {
        this.root = root;
        this.storage = storage;
        this.registry = registry;
        this.files = files;
        this.liveness = liveness;
        this.clock = clock;
    }

    SweepReport run() {
        Layout layout = root.layout();
        return Disk.call("sweep " + layout.base(), () -> {
            if (!root.isIntact()) {
                return SweepReport.skipped(
                        layout.base() + " holds no registry, or another one than at the start of this process");
            }
            SweepReport report = ProcessLocks.tryLocked("sweep:" + root.id(), layout.sweeping(), this::sweep);
            return report != null
                    ? report
                    : SweepReport.skipped(
                            "another sweep of " + layout.base() + " is under way, in this process or another");
        });
    }

    private SweepReport sweep() throws IOException {
        long start = System.nanoTime();
        sweepReferences();
        sweepPrepared();
        sweepUnreferenced();
        trash = storage.purge();
        return new SweepReport(
                null, deadOwners, references, locks, directories, trash, Duration.ofNanos(System.nanoTime() - start));
    }

    private void sweepReferences() throws IOException {
        try (Liveness.Dead dead = liveness.lockDead()) {
            Set<String> names = new HashSet<>(dead.names());
            try (Stream<CacheId> ids = LocalDirectoryStorage.ids(root.layout().refs())) {
                ids.forEach(id -> attempt("sweep the references of cache " + id, () -> sweep(id, names)));
            }
            for (String owner : names) {
                attempt("remove what owner " + owner + " left", () -> {
                    storage.removePrepared(owner);
                    dead.forget(owner);
                    deadOwners++;
                });
            }
        }
    }

    private void sweep(CacheId id, Set<String> dead) throws IOException {
        Optional<References> seen = References.read(root.layout().refs(id));
        if (seen.isEmpty()) {
            return;
        }
        boolean needed = false;
        for (String owner : seen.get().owners()) {
            if (dead.contains(owner) || (!liveness.hasFile(owner) && root.isIntact())) {
                references += files.remove(id, owner) ? 1 : 0;
            } else {
                needed = true;
            }
        }
        for (LockFile lock : seen.get().locks()) {
            if (lock.isExpired(clock.instant())) {
                locks += files.remove(id, lock.name()) ? 1 : 0;
            } else {
                needed = true;
            }
        }
        // its cache may be gone already, or have never come
        if (!needed && files.removeFolder(id) == Removal.DONE && registry.wipe(id)) {
            directories++;
        }
    }

    /** Folders of owners whose own file is gone: they died while somebody cleaned up after them. */
    private void sweepPrepared() throws IOException {
        for (String owner : storage.preparers()) {
            if (!liveness.hasFile(owner)) {
                attempt("remove what owner " + owner + " had prepared", () -> storage.removePrepared(owner));
            }
        }
    }

    /** Caches whose wipe began and did not end: its party died after the references were gone. */
    private void sweepUnreferenced() {
        try (Stream<CacheId> ids = storage.list()) {
            ids.forEach(id -> attempt("wipe cache " + id, () -> {
                if (Disk.isAbsent(root.layout().refs(id)) && root.isIntact() && registry.wipe(id)) {
                    directories++;
                }
            }));
        }
    }

    private static void attempt(String what, Disk.Step step) {
        try {
            Disk.run(what, step);
        } catch (CacheBackendException failure) {
            log.warn("A sweep left something to the next one", failure);
        }
    }
}
