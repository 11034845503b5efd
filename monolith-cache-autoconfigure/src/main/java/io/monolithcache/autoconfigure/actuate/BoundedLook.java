// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheBackendException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a disk or asks a server, and waits no longer than a limit: a disk may hang, and a call to it cannot be
 * interrupted. A look has a thread of its own while it lasts. While one hangs no other is begun; whoever asks meanwhile
 * waits for the rest of its time, and no more at all once that is over.
 */
final class BoundedLook<T> {

    private final String subject;
    private final Supplier<T> look;
    private final Duration limit;
    private @Nullable Look<T> underWay;

    /** @param subject what is looked at, to say that it has not answered */
    BoundedLook(String subject, Supplier<T> look, Duration limit) {
        this.subject = subject;
        this.look = look;
        this.limit = limit;
    }

    private record Look<T>(FutureTask<T> task, long end) {}

    /** @throws CacheBackendException if it cannot be used, or does not answer */
    T get() {
        return begin().get();
    }

    /** Begins to look, and hands out what waits for it: to look at two things takes no longer than at one. */
    Supplier<T> begin() {
        Look<T> begun = current();
        return () -> await(begun);
    }

    private T await(Look<T> current) {
        try {
            return current.task().get(Math.max(0, current.end() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hangs) {
            throw new CacheBackendException(
                    "The " + subject + " has not answered within " + limit.toMillis() + " ms. Check it", hangs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CacheBackendException(
                    "Interrupted while the " + subject + " was looked at; ask again", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private synchronized Look<T> current() {
        Look<T> current = underWay;
        if (current == null || current.task().isDone()) {
            current = new Look<>(new FutureTask<>(look::get), System.nanoTime() + limit.toNanos());
            Thread thread = new Thread(current.task(), "monolith-cache-look");
            thread.setDaemon(true);
            thread.start();
            underWay = current;
        }
        return current;
    }
}
