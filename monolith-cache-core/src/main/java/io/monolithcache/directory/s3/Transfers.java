// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The threads that move parts of files; there are none while nothing is moved. */
final class Transfers implements AutoCloseable {

    private static final int IDLE_SECONDS = 5;

    private final int connections;
    private final ThreadPoolExecutor threads;

    Transfers(int connections) {
        this.connections = connections;
        this.threads = new ThreadPoolExecutor(
                connections, connections, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "monolith-cache-s3");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Moves one part. */
    @FunctionalInterface
    interface Part {
        void move(int number) throws IOException;
    }

    /**
     * Moves parts, several at a time, also in this thread; when this returns, nobody works on any of them.
     *
     * @param from the number of the first one
     * @param to the number after the last one
     * @throws IOException of the first that failed; the others are then given up
     */
    void move(int from, int to, Part part) throws IOException {
        AtomicInteger next = new AtomicInteger(from);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        List<Worker> others = new ArrayList<>();
        for (int other = 1; other < Math.min(connections, to - from); other++) {
            Worker worker = new Worker(() -> work(next, to, part, failure), failure);
            others.add(worker);
            threads.execute(worker);
        }
        work(next, to, part, failure);
        awaitAll(others, failure);
        Exception first = failure.get();
        if (first instanceof IOException expected) {
            throw expected;
        }
        if (first instanceof RuntimeException unexpected) {
            throw unexpected;
        }
    }

    /** Work that a thread of the pool begins, unless nobody needs it any more. */
    private static final class Worker implements Runnable {

        private final Runnable work;
        private final AtomicReference<@Nullable Exception> failure;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);

        Worker(Runnable work, AtomicReference<@Nullable Exception> failure) {
            this.work = work;
            this.failure = failure;
        }

        @Override
        public void run() {
            if (isToBegin()) {
                try {
                    work.run();
                } catch (Error error) {
                    failure.compareAndSet(null, new IOException("A part could not be moved", error));
                } finally {
                    done.countDown();
                }
            }
        }

        /** Once only; who asks first decides. */
        boolean isToBegin() {
            return begun.compareAndSet(false, true);
        }
    }

    private static void work(AtomicInteger next, int to, Part part, AtomicReference<@Nullable Exception> failure) {
        for (int number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
            if (failure.get() != null) {
                return;
            }
            try {
                part.move(number);
            } catch (IOException | RuntimeException failed) {
                if (!failure.compareAndSet(null, failed)) {
                    return;
                }
            }
        }
    }

    /**
     * Those that have not begun need not: they may stand behind large transfers of others. The rest end, because every
     * request does.
     */
    private static void awaitAll(List<Worker> others, AtomicReference<@Nullable Exception> failure) {
        boolean interrupted = false;
        for (Worker other : others) {
            while (!other.isToBegin()) {
                try {
                    other.done.await();
                    break;
                } catch (InterruptedException told) {
                    interrupted = true;
                    failure.compareAndSet(null, new IOException("Interrupted while a file was moved"));
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
