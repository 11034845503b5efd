// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * OS file locks that exclude other processes and, through {@link ProcessWide}, the other threads and class loaders of
 * this one. A file is open only while its lock is held, and by nobody else in this process: closing any channel on it
 * would drop the locks that this process holds through another.
 */
public final class ProcessLocks {

    private ProcessLocks() {}

    /** Waits for the lock, runs the action, lets go. An action that is interrupted on a channel is run again. */
    public static <T extends @Nullable Object> T locked(Path file, Uninterruptibly.Step<T> action) throws IOException {
        try {
            return ProcessWide.exclusively(
                    "lock:" + file,
                    () -> Uninterruptibly.run(() -> {
                        try (FileChannel channel = open(file);
                                FileLock lock = channel.lock()) {
                            return action.run();
                        }
                    }));
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Runs the action with the lock, or does not wait and returns null: somebody else in this process or in another one
     * holds it.
     *
     * @param name the same for everybody who uses this file, and for no other file; without spaces
     */
    public static <T> @Nullable T tryLocked(String name, Path file, Uninterruptibly.Step<T> action) throws IOException {
        if (!ProcessWide.tryEnter(name)) {
            return null;
        }
        try (FileChannel channel = Uninterruptibly.run(() -> openLocked(file))) {
            return channel == null ? null : action.run();
        } finally {
            ProcessWide.leave(name);
        }
    }

    private static @Nullable FileChannel openLocked(Path file) throws IOException {
        FileChannel channel = open(file);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
        channel.close();
        return null;
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
