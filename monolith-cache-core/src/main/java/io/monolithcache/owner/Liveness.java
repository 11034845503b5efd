// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells who is alive among the owners of a folder. Nobody guesses: whoever can take the lock of an owner's file knows
 * that its process is gone.
 *
 * <p>Closing any channel on a file drops this process's POSIX locks on it, so a file of this process is never opened
 * here; and probes of one folder go one at a time within a JVM, because two of them on one file would see each other.
 */
public final class Liveness {

    /** More dead owners than this are left to the next sweep: each takes a file descriptor meanwhile. */
    private static final int MOST_AT_ONCE = 256;

    /**
     * The files of the dead that this process has locked: it must not open them again. Another class loader has a set
     * of its own, and its probe may take a lock from here away; then two parties clean up after the same dead owner,
     * who is dead for both, and every step of that may be repeated.
     */
    private static final Set<Path> BEING_REAPED = ConcurrentHashMap.newKeySet();

    private final Path owners;

    public Liveness(Path owners) {
        this.owners = owners;
    }

    /** To be asked only after a reference of this owner was seen: one that has no file yet has no reference either. */
    public boolean isAlive(String owner) throws IOException {
        if (isOwn(owner)) {
            return true;
        }
        Path file = owners.resolve(owner);
        return exclusively(() -> {
            if (BEING_REAPED.contains(file)) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                return !canLock(channel);
            } catch (NoSuchFileException dead) {
                return false;
            }
        });
    }

    /** Whether the owner's file is there; false says that it is dead, if a reference of it was seen before. */
    public boolean hasFile(String owner) {
        return isOwn(owner) || !Files.notExists(owners.resolve(owner));
    }

    /** The dead owners of other processes, whose locks are held until the result is closed. */
    public Dead lockDead() throws IOException {
        Dead dead = new Dead();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(owners)) {
            for (Path file : files) {
                if (dead.names().size() >= MOST_AT_ONCE) {
                    break;
                }
                String name = file.getFileName().toString();
                boolean isNew = name.startsWith(Owner.NEW);
                String owner = isNew ? name.substring(Owner.NEW.length()) : name;
                if (OwnerName.parse(owner).isPresent() && !isOwn(owner)) {
                    dead.tryLock(name, isNew);
                }
            }
        } catch (DirectoryIteratorException failure) {
            dead.close();
            throw Objects.requireNonNull(failure.getCause());
        } catch (IOException | RuntimeException failure) {
            dead.close();
            throw failure;
        }
        return dead;
    }

    private static boolean isOwn(String owner) {
        return ProcessWide.contains(owner)
                || OwnerName.parse(owner).map(OwnerName::isOfThisProcess).orElse(false);
    }

    private static boolean canLock(FileChannel channel) throws IOException {
        try (FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException reapedByAnotherClassLoader) {
            // own owners were excluded before, so this JVM locked it because it is dead
            return true;
        }
    }

    private interface Probe<T> {
        T run() throws IOException;
    }

    private <T> T exclusively(Probe<T> probe) throws IOException {
        try {
            return ProcessWide.exclusively("probe:" + owners, () -> Uninterruptibly.run(probe::run));
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Owners that are dead, and stay locked while somebody cleans up after them. */
    public final class Dead implements AutoCloseable {

        private final List<String> names = new ArrayList<>();
        private final List<FileChannel> channels = new ArrayList<>();

        public List<String> names() {
            return names;
        }

        /** Forgets an owner of whom nothing is left. */
        public void forget(String owner) throws IOException {
            Files.deleteIfExists(owners.resolve(owner));
        }

        private void tryLock(String name, boolean isNew) throws IOException {
            exclusively(() -> {
                Path file = owners.resolve(name);
                FileChannel channel = BEING_REAPED.contains(file) ? null : open(file);
                if (channel == null) {
                    return false;
                }
                if (!lock(channel)) {
                    channel.close();
                    return false;
                }
                if (isNew) {
                    // it never became visible, so it holds nothing
                    Files.deleteIfExists(file);
                    channel.close();
                } else {
                    BEING_REAPED.add(file);
                    names.add(name);
                    channels.add(channel);
                }
                return true;
            });
        }

        private boolean lock(FileChannel channel) throws IOException {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException reapedByAnotherClassLoader) {
                return false;
            }
        }

        private @Nullable FileChannel open(Path file) throws IOException {
            try {
                return FileChannel.open(file, StandardOpenOption.WRITE);
            } catch (NoSuchFileException gone) {
                return null;
            }
        }

        /** Lets go of the locks. */
        @Override
        public void close() throws IOException {
            exclusively(() -> {
                names.forEach(name -> BEING_REAPED.remove(owners.resolve(name)));
                for (FileChannel channel : channels) {
                    channel.close();
                }
                return true;
            });
        }
    }
}
