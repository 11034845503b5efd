// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import io.monolithcache.owner.ProcessWide;
import io.monolithcache.owner.Uninterruptibly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to an index that serves one user at a time: an OS lock on {@code index.lock} beside it, which ends with the
 * process, and within this process a name.
 */
final class SoleUse implements AutoCloseable {

    private final String name;
    private final FileChannel channel;

    private SoleUse(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** @throws IOException if somebody else uses it */
    static SoleUse begin(Path index, String format) throws IOException {
        Path lock = index.resolveSibling("index.lock");
        String name = lock.toUri().toString();
        if (!ProcessWide.tryEnter(name)) {
            throw inUse(index, format, "this process already");
        }
        try {
            return Uninterruptibly.run(() -> lock(lock, name, index, format));
        } catch (IOException | RuntimeException failure) {
            ProcessWide.leave(name);
            throw failure;
        }
    }

    private static SoleUse lock(Path lock, String name, Path index, String format) throws IOException {
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(index, format, "another process");
            }
            return new SoleUse(name, channel);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static IOException inUse(Path index, String format, String who) {
        return new IOException("The index " + index + " is open in " + who + ", and one of the kind " + format
                + " serves one store at a time. Choose the kind sqlite, which any number may share, or a folder of its"
                + " own for each");
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            ProcessWide.leave(name);
        }
    }
}
