// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Where this process writes what is not yet an entry. */
final class Writing {

    private static final boolean IS_POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--r--r--");
    private static final FileAttribute<?> READ_ONLY_ATTRIBUTE = PosixFilePermissions.asFileAttribute(READ_ONLY);

    private final Path folder;
    private final AtomicLong next = new AtomicLong();

    Writing(StoreLayout layout, String owner) throws IOException {
        this.folder = Files.createDirectory(layout.writing().resolve(owner));
    }

    /** A name that nobody has used. */
    Path next() {
        return folder.resolve(Long.toString(next.incrementAndGet()));
    }

    /** A file that is read-only as soon as it is closed. */
    FileChannel create(Path file) throws IOException {
        return IS_POSIX
                ? FileChannel.open(
                        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), READ_ONLY_ATTRIBUTE)
                : FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void setReadOnly(Path file) throws IOException {
        if (IS_POSIX) {
            Path unused = Files.setPosixFilePermissions(file, READ_ONLY);
        }
    }

    void close() throws IOException {
        discard(folder);
    }

    /** Removes what an owner was writing; no effect if there is nothing. */
    static void discard(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException nothing) {
            return;
        }
        Files.deleteIfExists(folder);
    }
}
