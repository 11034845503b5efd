// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.owner.ProcessWide;
import io.monolithcache.owner.Uninterruptibly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * OS file locks that exclude other processes and, through {@link ProcessWide}, the other threads and class loaders of
 * this one. A file is opened once and never closed, because closing any channel on it would drop the locks that this
 * process holds through another.
 */
final class ProcessLocks {

    private static final Map<String, FileChannel> OPEN = new ConcurrentHashMap<>();

    private ProcessLocks() {}

    /** Waits for the lock, runs the action, lets go. */
    static <T extends @Nullable Object> T locked(String rootId, Path file, Disk.Action<T> action) throws IOException {
        return exclusively(rootId, file, () -> {
            FileLock lock = Uninterruptibly.run(() -> channel(rootId, file).lock());
            try {
                return action.run();
            } finally {
                lock.release();
            }
        });
    }

    /** The same without waiting for another process; null if it holds the lock. */
    static <T> @Nullable T tryLocked(String rootId, Path file, Disk.Action<T> action) throws IOException {
        FileLock lock;
        try {
            lock = Uninterruptibly.run(() -> channel(rootId, file).tryLock());
        } catch (OverlappingFileLockException thisProcess) {
            return null;
        }
        if (lock == null) {
            return null;
        }
        try {
            return action.run();
        } finally {
            lock.release();
        }
    }

    /**
     * Waits for the lock of a file that is used through this method only, runs the action, lets go. The file may be
     * closed, because nobody else in this process has it open meanwhile. An action that is interrupted is run again.
     */
    static <T extends @Nullable Object> T lockedOnce(Path file, Disk.Action<T> action) throws IOException {
        return exclusively(
                "",
                file,
                () -> Uninterruptibly.run(() -> {
                    try (FileChannel channel =
                                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                            FileLock lock = channel.lock()) {
                        return action.run();
                    }
                }));
    }

    /** Keyed by root id: the same path may have been another root before. */
    private static FileChannel channel(String rootId, Path file) throws IOException {
        String key = rootId + ":" + file;
        synchronized (OPEN) {
            FileChannel channel = OPEN.get(key);
            // an interrupt may have closed it while it waited for the lock, so this process held none through it
            if (channel == null || !channel.isOpen()) {
                channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                OPEN.put(key, channel);
            }
            return channel;
        }
    }

    private static <T extends @Nullable Object> T exclusively(String rootId, Path file, Disk.Action<T> action)
            throws IOException {
        try {
            return ProcessWide.exclusively("lock:" + rootId + ":" + file, action::run);
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
