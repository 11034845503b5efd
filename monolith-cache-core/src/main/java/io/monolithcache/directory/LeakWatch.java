// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.lang.ref.Cleaner;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports handles that became unreachable without being closed. That alone says nothing about the directory: the JIT
 * ends a handle's life at its last use, while its path may still be read. So it is released only where that was asked
 * for, and only after nothing in the directory has changed for a while; else it goes with the process.
 */
final class LeakWatch {

    private static final Logger log = LoggerFactory.getLogger(LeakWatch.class);

    /** One thread for all managers, which is there once the first handle is. */
    private static final class Lazily {
        /** With the thread of the JDK: one of ours would keep the class loader of whoever used it first. */
        static final Cleaner CLEANER = Cleaner.create();
    }

    private final ManagerSettings settings;
    private final DirectoryStorage storage;
    private final Housekeeping housekeeping;
    private final Consumer<HeldCache> report;
    private final Consumer<HeldCache> release;

    LeakWatch(
            ManagerSettings settings,
            DirectoryStorage storage,
            Housekeeping housekeeping,
            Consumer<HeldCache> report,
            Consumer<HeldCache> release) {
        this.settings = settings;
        this.storage = storage;
        this.housekeeping = housekeeping;
        this.report = report;
        this.release = release;
    }

    /** Watches a handle until it is closed. The result must not be reachable from anything but the handle. */
    Watch watch(CacheHandle handle, HeldCache held, AtomicBoolean closed) {
        Throwable opened = settings.trackLeaks() ? new Throwable("opened here") : null;
        Watch watch = new Watch(this, held, closed, opened);
        watch.cleanable = Lazily.CLEANER.register(handle, watch);
        return watch;
    }

    /** What is known of a handle when it is gone. */
    static final class Watch implements Runnable {

        private final LeakWatch leaks;
        private final HeldCache held;
        private final AtomicBoolean closed;
        private final @Nullable Throwable opened;
        private Cleaner.@Nullable Cleanable cleanable;

        private Watch(LeakWatch leaks, HeldCache held, AtomicBoolean closed, @Nullable Throwable opened) {
            this.leaks = leaks;
            this.held = held;
            this.closed = closed;
            this.opened = opened;
        }

        /** The handle was closed as it should be. */
        void end() {
            Cleaner.Cleanable registered = cleanable;
            if (registered != null) {
                registered.clean();
            }
        }

        @Override
        public void run() {
            // a manager that was closed has released everything
            if (closed.compareAndSet(false, true) && held.isHeld()) {
                leaks.leaked(held, opened);
            }
        }
    }

    private void leaked(HeldCache held, @Nullable Throwable opened) {
        log.warn(
                "A handle on cache {} was dropped without close(). {}",
                held.id,
                opened == null
                        ? "Set monolith.cache.directories.track-leaks=true to see where it was opened"
                        : "It was opened at:",
                opened);
        report.accept(held);
        if (settings.releaseLeaked()) {
            releaseAfterGrace(held);
        }
    }

    private void releaseAfterGrace(HeldCache held) {
        Optional<Long> before = changes(held.id);
        Future<?> unused = housekeeping.later(settings.leakGrace(), () -> {
            if (before.isEmpty() || !before.equals(changes(held.id))) {
                releaseAfterGrace(held);
            } else {
                log.warn("Cache {} was unchanged for {}; its leaked handle is released", held.id, settings.leakGrace());
                release.accept(held);
            }
        });
    }

    /** Empty if it cannot be told: then the directory counts as in use. */
    private Optional<Long> changes(CacheId id) {
        try {
            return Optional.of(storage.changes(id));
        } catch (CacheNotFoundException gone) {
            return Optional.of(0L);
        } catch (CacheBackendException unknown) {
            return Optional.empty();
        }
    }
}
