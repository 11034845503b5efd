// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Internal: renews a lease, a third of it apart, on a thread of its own. One that took longer is followed by the next
 * at once, since the lease goes on to run out; after a pause of the process there is one, and not all that were missed.
 */
public final class Heartbeat {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private static final int BEATS_PER_LEASE = 3;

    private final Duration lease;
    private final Runnable renewal;
    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean silent;

    private Heartbeat(Duration lease, Runnable renewal) {
        this.lease = lease;
        this.renewal = renewal;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "monolith-cache-heartbeat");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Renews for the first time a third of the lease from now.
     *
     * @param renewal may throw: what it could not do, the next one does
     */
    public static Heartbeat start(Duration lease, Runnable renewal) {
        Heartbeat started = new Heartbeat(lease, renewal);
        started.next(0);
        return started;
    }

    /** @param took of the time until the next one, in nanoseconds */
    private void next(long took) {
        long apart = lease.toNanos() / BEATS_PER_LEASE;
        try {
            Future<?> unused = thread.schedule(this::beat, Math.max(0, apart - took), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            // then there is none
        }
    }

    private void beat() {
        long begin = System.nanoTime();
        try {
            renewal.run();
            if (silent) {
                silent = false;
                log.info("The lease of this process is renewed again");
            }
        } catch (Throwable failure) {
            // an error too: whoever ends here is not run again, and every cache of this process would be lost
            if (!silent && !thread.isShutdown()) {
                silent = true;
                log.warn(
                        "The lease of this process could not be renewed; after {} ms without, others take it for dead",
                        lease.toMillis(),
                        failure);
            }
        } finally {
            next(System.nanoTime() - begin);
        }
    }

    /** There is none after this, but for one that is under way. */
    public void stop() {
        thread.shutdownNow();
    }

    /** After {@link #stop}: waits for the one that is under way, for a minute at most. */
    public void awaitEnd() {
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("A renewal of the lease goes on after its cache manager has ended");
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }
}
