// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of the files of a cache that is wiped: deleted now, or in the background; observed, and told. */
final class Wipes {

    private static final Logger log = LoggerFactory.getLogger(Wipes.class);

    private final DirectoryStorage storage;
    private final WipeMode mode;
    private final CacheInstrumentation instrumentation;
    private final Listeners listeners;
    private final Housekeeping housekeeping;

    Wipes(
            DirectoryStorage storage,
            WipeMode mode,
            CacheInstrumentation instrumentation,
            Listeners listeners,
            Housekeeping housekeeping) {
        this.storage = storage;
        this.mode = mode;
        this.instrumentation = instrumentation;
        this.listeners = listeners;
        this.housekeeping = housekeeping;
    }

    /** The cache is gone, whatever becomes of its files: a wipe that vanished does not fail. */
    void wiped(CacheId id, DirectoryStorage.Trash trash) {
        Runnable deletion = observed(trash);
        inBackground(() -> attempt(deletion));
        tell(id);
    }

    private static void attempt(Runnable deletion) {
        try {
            deletion.run();
        } catch (RuntimeException failure) {
            log.warn("The files of a wiped cache could not be deleted; the next sweep tries again", failure);
        }
    }

    void tell(CacheId id) {
        listeners.tell(listener -> listener.wiped(id, storage.location(id)));
    }

    Runnable observed(DirectoryStorage.Trash trash) {
        try {
            return instrumentation.wipe(storage.name(), trash::delete);
        } catch (RuntimeException failure) {
            log.warn("{} failed", instrumentation, failure);
            return trash::delete;
        }
    }

    /** In this thread, if a wipe is to be over when it is told. */
    void inBackground(Runnable work) {
        if (mode == WipeMode.SYNCHRONOUS) {
            work.run();
        } else {
            housekeeping.delete(work::run);
        }
    }
}
