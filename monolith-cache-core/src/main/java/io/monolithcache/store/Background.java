// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store does behind its callers; a thread is there only while there is something to do. */
final class Background implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Background.class);

    private static final long FLUSH_AFTER = 200;
    private static final long IDLE_SECONDS = 5;
    private static final long CLOSE_SECONDS = 30;

    private final String store;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor executor;
    private final AtomicBoolean isFlushPlanned = new AtomicBoolean();

    Background(String store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "monolith-cache-store");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    /** Milliseconds since 1970. */
    long now() {
        return clock.millis();
    }

    void soon(Task task) {
        plan(task, 0);
    }

    void every(long millis, Task task) {
        plan(
                () -> {
                    try {
                        task.run();
                    } finally {
                        every(millis, task);
                    }
                },
                millis);
    }

    /** Once for all that is noted until then. */
    void flushSoon(Task flush) {
        if (!isFlushPlanned.get() && isFlushPlanned.compareAndSet(false, true)) {
            plan(
                    () -> {
                        isFlushPlanned.set(false);
                        flush.run();
                    },
                    FLUSH_AFTER);
        }
    }

    private void plan(Task task, long delay) {
        try {
            var unused = executor.schedule(() -> run(task), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // what is noted is written by the close
        }
    }

    private void run(Task task) {
        try {
            task.run();
        } catch (IOException | RuntimeException failure) {
            log.warn("The store {} could not do something behind its callers; it is tried again", store, failure);
        } catch (Error error) {
            log.error("The store {} failed behind its callers", store, error);
            throw error;
        }
    }

    /** When this returns, nothing is done any more. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                        log.warn("The store {} still works behind its callers", store);
                    } else {
                        return;
                    }
                } catch (InterruptedException told) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
