// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An owner of this process that is alive: it holds an OS lock on its file, which the system takes away when the process
 * dies, however it dies. Others see the file only once it is locked: an owner file that became visible before left,
 * when measured, 50 of 20,000 owners with a lock on a deleted file.
 */
public final class Owner implements AutoCloseable {

    /** A file that is still without a lock has this before its name. */
    static final String NEW = ".new-";

    private static final int ATTEMPTS = 100;

    /** Keeps the channels reachable: one that is collected is closed, and its owner would be taken for dead. */
    private static final Set<Owner> ALIVE = ConcurrentHashMap.newKeySet();

    private final OwnerName name;
    private final Path file;
    private final @Nullable Object key;
    private final FileChannel channel;

    private Owner(OwnerName name, Path file, FileChannel channel) throws IOException {
        this.name = name;
        this.file = file;
        this.key = key(file);
        this.channel = channel;
    }

    /** Tells the file from a copy; null where the system knows no such thing. */
    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /**
     * A new owner of this process, alive from now on.
     *
     * @param owners the folder of owner files, which exists
     */
    public static Owner start(Path owners) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            OwnerName name = OwnerName.fresh();
            // before any file exists, because this process must never open, and so never close, its own file again
            ProcessWide.add(name.toString());
            FileChannel channel = null;
            try {
                Path hidden = owners.resolve(NEW + name);
                channel = FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    Path file = owners.resolve(name.toString());
                    Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
                    Owner owner = new Owner(name, file, channel);
                    ALIVE.add(owner);
                    return owner;
                }
            } catch (NoSuchFileException sweptMeanwhile) {
                if (!Files.isDirectory(owners)) {
                    end(name, channel);
                    throw sweptMeanwhile;
                }
            } catch (IOException | RuntimeException failure) {
                end(name, channel);
                throw failure;
            }
            end(name, channel);
        }
        throw new IOException("No owner file in " + owners + " could be locked in " + ATTEMPTS + " attempts");
    }

    public String name() {
        return name.toString();
    }

    /**
     * Whether the owner's file is still in its place: not when somebody removed or replaced the root, not even by a
     * copy, because nobody holds the lock of that.
     */
    public boolean isInPlace() {
        try {
            return Objects.equals(key, key(file));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Ends the owner; it must hold nothing any more. Called once. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            channel.close();
            ALIVE.remove(this);
            ProcessWide.remove(name.toString());
        }
    }

    private static void end(OwnerName name, @Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
        ProcessWide.remove(name.toString());
    }
}
