// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
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
        /**
         * Moves the part of that number.
         *
         * @param moving what it belongs to, which may be given up meanwhile
         */
        void move(int number, Moving moving) throws IOException;
    }

    /**
     * Moves parts, several at a time, also in this thread; when this returns, nobody works on any of them.
     *
     * @param from the number of the first one
     * @param to the number after the last one
     * @throws IOException of the first that failed; the others are then given up
     */
    void move(int from, int to, Part part) throws IOException {
        begin(from, to, part, Math.min(connections, to - from) - 1).finish();
    }

    /**
     * Begins to move parts in other threads, while this one moves a part of its own.
     *
     * @return is to be finished, or given up
     */
    Moving begin(int from, int to, Part part) {
        return begin(from, to, part, Math.min(connections - 1, to - from));
    }

    private Moving begin(int from, int to, Part part, int workers) {
        Moving moving = new Moving(from, to, part);
        try {
            for (int other = 0; other < workers; other++) {
                Worker worker = new Worker(moving);
                threads.execute(worker);
                moving.others.add(worker);
            }
        } catch (RejectedExecutionException closed) {
            // what is under way ends in its own thread
            return moving;
        } catch (Error error) {
            // no thread, or no memory for one: those that have begun write to a file of the caller
            moving.giveUp();
            throw error;
        }
        return moving;
    }

    /** Parts on their way; of the thread that began. */
    static final class Moving {

        static Moving nothing() {
            return new Moving(0, 0, (number, moving) -> {});
        }

        private final AtomicInteger next;
        private final int to;
        private final Part part;
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        private final List<Worker> others = new ArrayList<>();

        private Moving(int from, int to, Part part) {
            this.next = new AtomicInteger(from);
            this.to = to;
            this.part = part;
        }

        /**
         * Helps until all are there; when this returns, nobody works on any of them.
         *
         * @throws IOException of the first that failed; the others are then given up
         */
        void finish() throws IOException {
            try {
                work();
            } catch (Error error) {
                giveUp();
                throw error;
            }
            awaitOthers();
            Exception first = failure.get();
            if (first instanceof IOException expected) {
                throw expected;
            }
            if (first instanceof RuntimeException unexpected) {
                throw unexpected;
            }
        }

        /** Begins no further one; when this returns, nobody works on any of them. No effect on what is finished. */
        void giveUp() {
            failure.compareAndSet(null, new IOException("Given up"));
            awaitOthers();
        }

        /** Whether nobody needs the parts any more. */
        boolean isGivenUp() {
            return failure.get() != null;
        }

        private void work() {
            for (int number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
                if (isGivenUp()) {
                    return;
                }
                try {
                    part.move(number, this);
                } catch (IOException | RuntimeException failed) {
                    if (!failure.compareAndSet(null, failed)) {
                        return;
                    }
                }
            }
        }

        /**
         * Those that have not begun need not: they may stand behind large transfers of others. The rest end, because
         * every request does.
         */
        private void awaitOthers() {
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
            others.clear();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A thread of the pool that works on parts, unless nobody needs it any more when it comes to them. */
    private static final class Worker implements Runnable {

        private final Moving moving;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);

        Worker(Moving moving) {
            this.moving = moving;
        }

        @Override
        public void run() {
            if (isToBegin()) {
                try {
                    moving.work();
                } catch (Error error) {
                    moving.failure.compareAndSet(null, new IOException("A part could not be moved", error));
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

    @Override
    public void close() {
        threads.shutdown();
    }
}
