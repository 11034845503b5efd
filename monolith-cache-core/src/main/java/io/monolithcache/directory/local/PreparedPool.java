// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheException;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories that a background thread makes ahead, in small batches, so that a create costs its caller two renames and
 * one file. Measured by hand against mkdir + write + recursive delete: 1.08 times its cost, against 1.25 to 1.4
 * without. Whoever finds the pool empty makes his own: it never blocks.
 */
final class PreparedPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PreparedPool.class);

    static final int MOST = 64;
    private static final int FEW = MOST / 2;

    /**
     * One cache to be.
     *
     * @param references holds the reference of this owner already
     * @param directory for the files, see {@link io.monolithcache.directory.DirectoryStorage#prepare}
     */
    record Prepared(String references, String directory) {}

    private final Disk.Action<Prepared> maker;
    private final ConcurrentLinkedQueue<Prepared> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean filling = new AtomicBoolean();
    private final ThreadPoolExecutor thread;

    PreparedPool(Disk.Action<Prepared> maker) {
        this.maker = maker;
        // the thread ends when there has been nothing to do for a while
        this.thread = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread worker = new Thread(work, "monolith-cache-prepare");
            worker.setDaemon(true);
            return worker;
        });
        this.thread.allowCoreThreadTimeOut(true);
    }

    /** One that is ready, or null; asks for more when few are left. */
    @Nullable Prepared poll() {
        Prepared prepared = ready.poll();
        if (prepared != null) {
            size.decrementAndGet();
        }
        if (size.get() < FEW && filling.compareAndSet(false, true)) {
            try {
                thread.execute(this::fill);
            } catch (RejectedExecutionException closed) {
                filling.set(false);
            }
        }
        return prepared;
    }

    private void fill() {
        try {
            while (size.get() < MOST && !thread.isShutdown()) {
                ready.add(maker.run());
                size.incrementAndGet();
            }
        } catch (IOException | CacheException | IllegalStateException failure) {
            // whoever creates a cache meets the same failure, and tells his caller; or the manager was closed meanwhile
            log.debug("No directory could be prepared", failure);
        } finally {
            filling.set(false);
        }
    }

    /**
     * Returns when nothing is prepared any more: a step under way could still reach into the folder of its owner after
     * that was moved into the trash. What is ready is removed together with that folder.
     */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("Directories are still being prepared; what is left of them goes with the next sweep");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
