// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/**
 * Does a short thing on a file channel to its end. An interrupt closes the channel that a thread works on, which would
 * leave a lock half taken, and fail a clean-up in a thread that is told to stop.
 */
public final class Uninterruptibly {

    private Uninterruptibly() {}

    /** A step on a channel that it opens itself, or looks up again when it is closed. */
    @FunctionalInterface
    public interface Step<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** Runs a step, again if it was interrupted; the thread is interrupted afterwards if it was meanwhile. */
    public static <T extends @Nullable Object> T run(Step<T> step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.run();
                } catch (ClosedByInterruptException | FileLockInterruptionException again) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
