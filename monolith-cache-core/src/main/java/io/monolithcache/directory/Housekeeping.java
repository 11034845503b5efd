// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of one manager: sweeps, deletion of what was wiped, and handles whose time is up. Its threads are
 * daemons, begin with the first work, and none is there before.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    /** One for the sweep, which may take long, and one for what is to happen on time. */
    private static final int TIMERS = 2;

    /** A sweep lists the whole root; it shall take no more than a tenth of the time. */
    private static final int REST = 10;

    /** Deletions that wait; from here on whoever wipes deletes, so that the trash cannot outgrow the disk. */
    private static final int MOST_WAITING = 1_000;

    /** Deletions are done in batches, because to wake a thread for each would cost whoever wipes more than the wipe. */
    static final Duration BATCH = Duration.ofMillis(20);

    private final Supplier<SweepReport> sweep;
    private final Duration interval;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor wiper;
    private final BlockingQueue<DirectoryStorage.Trash> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean batchComes = new AtomicBoolean();

    Housekeeping(Duration interval, Supplier<SweepReport> sweep) {
        this.interval = interval;
        this.sweep = sweep;
        this.timer = new ScheduledThreadPoolExecutor(TIMERS, thread("monolith-cache-housekeeping"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.wiper = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), thread("monolith-cache-wipe"));
        this.wiper.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory thread(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins to sweep, at once and then again and again; idempotent. */
    void startSweeping() {
        if (!interval.isZero() && sweeping.compareAndSet(false, true)) {
            Future<?> unused = later(Duration.ZERO, this::sweepAndRest);
        }
    }

    private void sweepAndRest() {
        Duration took = Duration.ZERO;
        try {
            SweepReport report = sweep.get();
            took = report.duration();
            if (report.directories() > 0 && report.deadOwners() > 0) {
                log.warn(
                        "A sweep dropped {} references of {} dead owners, and wiped {} cache directories that nobody needs"
                                + " any more: left by dead processes, with a lock whose time was up, or just being closed",
                        report.references(),
                        report.deadOwners(),
                        report.directories());
            } else if (report.directories() > 0) {
                log.info(
                        "A sweep wiped {} cache directories that nobody needs any more: with a lock whose time was up, or"
                                + " just being closed",
                        report.directories());
            }
        } catch (RuntimeException failure) {
            log.warn("A sweep failed and is tried again", failure);
        } finally {
            // also after an error: nobody else would begin to sweep again
            Duration rest = took.multipliedBy(REST);
            Future<?> unused = later(rest.compareTo(interval) > 0 ? rest : withJitter(interval), this::sweepAndRest);
        }
    }

    /** Up to a tenth more, so that processes which began together do not go on so. */
    private static Duration withJitter(Duration interval) {
        long most = TimeUnit.NANOSECONDS.convert(interval) / REST + 1;
        return interval.plusNanos(ThreadLocalRandom.current().nextLong(most));
    }

    /** Runs something once, after a while; not at all if the manager is closed before. */
    @Nullable Future<?> later(Duration delay, Runnable work) {
        try {
            return timer.schedule(() -> attempt(work), TimeUnit.MILLISECONDS.convert(delay), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }

    /** A failure of one piece of work does not keep the next from being done. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            log.warn("Background work failed", failure);
        }
    }

    /** Deletes in the background, or on this thread when too much waits. */
    void delete(DirectoryStorage.Trash trash) {
        if (!waiting.offer(trash)) {
            trash.delete();
        }
        if (batchComes.compareAndSet(false, true)) {
            if (later(BATCH, this::wakeWiper) == null) {
                deleteWaiting();
            }
        }
    }

    /** Never while {@link #close()} shuts the pool down: it would drop its first thread, and then forget its queue. */
    private synchronized void wakeWiper() {
        if (!wiper.isShutdown()) {
            wiper.execute(this::deleteWaiting);
        }
    }

    private void deleteWaiting() {
        batchComes.set(false);
        for (DirectoryStorage.Trash trash = waiting.poll(); trash != null; trash = waiting.poll()) {
            attempt(trash::delete);
        }
    }

    /** Ends the threads. What was to be deleted is deleted before this returns, or left to a sweep after a minute. */
    @Override
    public void close() {
        timer.shutdownNow();
        // the batch that would come will not, so whoever wipes from here on deletes by himself
        batchComes.set(false);
        synchronized (this) {
            if (!waiting.isEmpty()) {
                wakeWiper();
            }
            wiper.shutdown();
        }
        try {
            if (!timer.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("A sweep goes on for longer than its cache manager");
            }
            if (!wiper.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("{} wiped directories are left in the trash to the next sweep", waiting.size() + 1);
                waiting.clear();
                wiper.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            wiper.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
