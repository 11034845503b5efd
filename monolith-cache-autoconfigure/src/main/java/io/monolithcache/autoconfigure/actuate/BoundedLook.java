// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.StorageStatus;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the storage, and waits no longer than a limit: a disk may hang, and a call to it cannot be interrupted. A
 * look has a thread of its own while it lasts. While one hangs no other is begun; whoever asks meanwhile waits for the
 * rest of its time, and no more at all once that is over.
 */
final class BoundedLook {

    private final Supplier<StorageStatus> look;
    private final Duration limit;
    private @Nullable Look underWay;

    BoundedLook(Supplier<StorageStatus> look, Duration limit) {
        this.look = look;
        this.limit = limit;
    }

    private record Look(FutureTask<StorageStatus> task, long end) {}

    /** @throws CacheBackendException if the storage cannot be used, or does not answer */
    StorageStatus get() {
        Look current = begin();
        try {
            return current.task().get(Math.max(0, current.end() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hangs) {
            throw new CacheBackendException(
                    "The storage has not answered within " + limit.toMillis() + " ms. Check that disk", hangs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CacheBackendException("Interrupted while the storage was looked at; ask again", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private synchronized Look begin() {
        Look current = underWay;
        if (current == null || current.task().isDone()) {
            current = new Look(new FutureTask<>(look::get), System.nanoTime() + limit.toNanos());
            Thread thread = new Thread(current.task(), "monolith-cache-look");
            thread.setDaemon(true);
            thread.start();
            underWay = current;
        }
        return current;
    }
}
