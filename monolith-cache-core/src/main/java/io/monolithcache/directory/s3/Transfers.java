// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
        Runnable worker = () -> work(next, to, part, failure);
        List<Future<?>> others = new ArrayList<>();
        for (int other = 1; other < Math.min(connections, to - from); other++) {
            others.add(threads.submit(worker));
        }
        worker.run();
        awaitAll(others, failure);
        Exception first = failure.get();
        if (first instanceof IOException expected) {
            throw expected;
        }
        if (first instanceof RuntimeException unexpected) {
            throw unexpected;
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

    /** Those that have not begun need not; the others end, because every request does. */
    private static void awaitAll(List<Future<?>> others, AtomicReference<@Nullable Exception> failure) {
        boolean interrupted = false;
        for (Future<?> other : others) {
            while (true) {
                try {
                    Object unused = other.get();
                    break;
                } catch (InterruptedException told) {
                    interrupted = true;
                    failure.compareAndSet(null, new IOException("Interrupted while a file was moved"));
                } catch (ExecutionException error) {
                    failure.compareAndSet(null, new IOException("A part could not be moved", error.getCause()));
                    break;
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
