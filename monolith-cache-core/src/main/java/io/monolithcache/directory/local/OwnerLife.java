// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.owner.Owner;
import io.monolithcache.owner.Uninterruptibly;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one registry: brought to life on first use, together with what it needs to work in the root, and ended
 * once. Safe for use by several threads.
 */
final class OwnerLife implements AutoCloseable {

    private final LocalRoot root;
    private final LocalDirectoryStorage storage;
    private final ReferenceFiles files;
    private final Layout layout;
    private volatile @Nullable Owner owner;
    private boolean closed;

    OwnerLife(LocalRoot root, LocalDirectoryStorage storage, ReferenceFiles files) {
        this.root = root;
        this.storage = storage;
        this.files = files;
        this.layout = root.layout();
    }

    /** The name of the owner; null while it is not alive. */
    @Nullable String name() {
        Owner alive = owner;
        return alive == null ? null : alive.name();
    }

    /** The owner, brought to life if it is not. */
    Owner owner() {
        Owner alive = owner;
        return alive == null ? start() : alive;
    }

    private synchronized Owner start() {
        Owner alive = owner;
        if (closed) {
            throw new IllegalStateException("The cache manager is closed");
        }
        if (alive == null) {
            root.open();
            alive = Disk.call("start an owner in " + layout.owners(), this::startWorking);
            owner = alive;
        }
        return alive;
    }

    /** An owner that cannot work is ended at once: nobody would take it for dead while this process lives. */
    private Owner startWorking() throws IOException {
        Owner fresh = Uninterruptibly.run(() -> Owner.start(layout.owners()));
        try {
            storage.open(fresh.name());
            files.open();
            return fresh;
        } catch (IOException | CacheBackendException failure) {
            Disk.undo(failure, () -> storage.removePrepared(fresh.name()));
            Disk.undo(failure, storage::close);
            Disk.undo(failure, files::close);
            Disk.undo(failure, fresh::close);
            throw failure;
        }
    }

    /** In a root that was removed and made again, others would take this owner for dead while it holds caches. */
    void requireInPlace(Owner me) {
        if (!me.isInPlace()) {
            throw new CacheBackendException(
                    "The cache root " + layout.base() + " was removed or replaced while this process used it. Restart"
                            + " the application, and keep others from removing it",
                    null);
        }
    }

    /** Ends the owner, if it is alive, and brings none to life again. Nobody may work for it any more. */
    @Override
    public synchronized void close() {
        closed = true;
        Owner alive = owner;
        if (alive != null) {
            Disk.run("end an owner in " + layout.owners(), () -> {
                try {
                    storage.removePrepared(alive.name());
                } finally {
                    owner = null;
                    try {
                        alive.close();
                    } finally {
                        files.close();
                    }
                }
            });
        }
    }
}
