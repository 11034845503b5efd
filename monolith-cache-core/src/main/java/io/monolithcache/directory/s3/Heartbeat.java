// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a lease, a third of it apart, on a thread of its own. */
final class Heartbeat {

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
            Thread made = new Thread(task, "monolith-cache-lease");
            made.setDaemon(true);
            return made;
        });
    }

    static Heartbeat start(Duration lease, Runnable renewal) {
        Heartbeat started = new Heartbeat(lease, renewal);
        long apart = lease.toMillis() / BEATS_PER_LEASE;
        Future<?> unused = started.thread.scheduleWithFixedDelay(started::beat, apart, apart, TimeUnit.MILLISECONDS);
        return started;
    }

    /** Never fails: what it could not do, the next one does. */
    private void beat() {
        try {
            renewal.run();
            if (silent) {
                silent = false;
                log.info("The lease of this process is renewed again");
            }
        } catch (RuntimeException | Error failure) {
            if (!silent) {
                silent = true;
                log.warn(
                        "The lease of this process could not be renewed; after {} ms without, others take it for dead",
                        lease.toMillis(),
                        failure);
            }
        }
    }

    /** Returns when no beat is under way any more, or after a minute. */
    void stop() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("A renewal of the lease goes on after its cache manager has ended");
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }
}
