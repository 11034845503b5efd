// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what lies in the trash. Never follows a symbolic link, not even one that is swapped in meanwhile: every
 * directory is opened relative to its open parent, refusing links, and what is deleted is named relative to that
 * ({@code openat} and {@code unlinkat} of POSIX.1-2008).
 *
 * <p>Each level of a tree takes a file descriptor and a stack frame, and a path too long could not be named at all, so
 * what lies deeper than a few levels is renamed into the trash, where it is an entry of its own. What is gone already,
 * because another party deletes the same entry, is no error.
 */
final class TreeDeleter implements AutoCloseable {

    private static final int DEEPEST = 12;

    private final Layout layout;
    private final Path trash;
    private @Nullable DirectoryStream<Path> top;

    TreeDeleter(Layout layout) {
        this.layout = layout;
        this.trash = layout.trash();
    }

    /** Deletes every entry and returns how many there were. The first failure is thrown after the rest was tried. */
    int deleteAll() throws IOException {
        int deleted = 0;
        IOException failed = null;
        boolean deeper = true;
        while (deeper) {
            deeper = false;
            try (DirectoryStream<Path> entries = open()) {
                for (Path entry : entries) {
                    try {
                        deeper |= deleteEntry(entries, entry.getFileName());
                        deleted++;
                    } catch (IOException failure) {
                        failed = add(failed, failure);
                    }
                }
            } catch (NoSuchFileException noTrash) {
                break;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return deleted;
    }

    /** Deletes one entry, however deep it is. */
    void delete(String name) throws IOException {
        try {
            if (deleteEntry(top(), Path.of(name))) {
                deleteAll();
            }
        } catch (NoSuchFileException noTrash) {
            // then this is gone too
        }
    }

    /** @return whether a part of it lay too deep and is an entry of its own now */
    private boolean deleteEntry(DirectoryStream<Path> open, Path name) throws IOException {
        try {
            if (open instanceof SecureDirectoryStream<Path> secure) {
                return new Walk(secure).deleteUnknown(secure, name, trash, 0);
            }
            PlainTreeDeleter.delete(trash.resolve(name));
            return false;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** Opened once: a wipe of a small directory would cost twice as much with it. */
    private synchronized DirectoryStream<Path> top() throws IOException {
        DirectoryStream<Path> open = top;
        if (open == null) {
            open = open();
            top = open;
        }
        return open;
    }

    /** Refuses a link in place of the trash: everything that it leads to would be deleted. */
    private DirectoryStream<Path> open() throws IOException {
        try (DirectoryStream<Path> base = Files.newDirectoryStream(layout.base())) {
            if (base instanceof SecureDirectoryStream<Path> secure) {
                Path internal = layout.base().relativize(layout.internal());
                try (SecureDirectoryStream<Path> parent =
                        secure.newDirectoryStream(internal, LinkOption.NOFOLLOW_LINKS)) {
                    return parent.newDirectoryStream(layout.internal().relativize(trash), LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
        return Files.newDirectoryStream(trash);
    }

    /** Lets go of the trash; it is opened again when it is needed. */
    @Override
    public synchronized void close() throws IOException {
        DirectoryStream<Path> open = top;
        if (open != null) {
            top = null;
            open.close();
        }
    }

    private static IOException add(@Nullable IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    /** One descent; {@code folder} is the path of {@code parent}. */
    private record Walk(SecureDirectoryStream<Path> top) {

        /** Most of what lies in a directory is files, so it is taken for one first: a look would cost as much again. */
        boolean delete(SecureDirectoryStream<Path> parent, Path name, Path folder, int depth) throws IOException {
            try {
                parent.deleteFile(name);
                return false;
            } catch (NoSuchFileException gone) {
                return false;
            } catch (FileSystemException refused) {
                return deleteUnknown(parent, name, folder, depth);
            }
        }

        /** Looks before it opens: to open a pipe could block. */
        boolean deleteUnknown(SecureDirectoryStream<Path> parent, Path entry, Path folder, int depth)
                throws IOException {
            try {
                Path name = entry;
                PosixFileAttributes attributes = parent.getFileAttributeView(
                                name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes();
                if (!attributes.isDirectory()) {
                    parent.deleteFile(name);
                    return false;
                }
                Path path = folder.resolve(name);
                if (!attributes.permissions().containsAll(Permissions.OWNER_ALL)) {
                    name = makeWritable(parent, name, path, Permissions.writable(attributes));
                    path = folder.resolve(name);
                }
                if (depth == DEEPEST) {
                    parent.move(name, top, Path.of("deep-" + UUID.randomUUID()));
                    return true;
                }
                boolean deeper = deleteContent(parent, name, path, depth);
                try {
                    parent.deleteDirectory(name);
                } catch (DirectoryNotEmptyException refilled) {
                    // by a step that had found the directory before it was moved here
                    deeper |= deleteContent(parent, name, path, depth);
                    parent.deleteDirectory(name);
                }
                return deeper;
            } catch (NoSuchFileException gone) {
                return false;
            }
        }

        /**
         * Through the open parent, refusing a link that was swapped in. Whoever may not read a directory cannot open
         * it: that one is changed by its path, under a name that nobody has put a link at.
         *
         * @return the name that it has now
         */
        private static Path makeWritable(
                SecureDirectoryStream<Path> parent, Path name, Path place, Set<PosixFilePermission> permissions)
                throws IOException {
            try {
                parent.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setPermissions(permissions);
                return name;
            } catch (AccessDeniedException unreadable) {
                Path unknown = Path.of("unreadable-" + UUID.randomUUID());
                parent.move(name, parent, unknown);
                Permissions.makeWritable(place.resolveSibling(unknown));
                return unknown;
            }
        }

        /** The first failure is thrown after the rest was tried: what cannot be deleted keeps nothing else. */
        private boolean deleteContent(SecureDirectoryStream<Path> parent, Path name, Path path, int depth)
                throws IOException {
            boolean deeper = false;
            IOException failed = null;
            try (SecureDirectoryStream<Path> directory = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                for (Path entry : directory) {
                    try {
                        deeper |= delete(directory, entry.getFileName(), path, depth + 1);
                    } catch (IOException failure) {
                        failed = failed == null ? failure : failed;
                    }
                }
            } catch (DirectoryIteratorException unreadable) {
                throw unreadable.getCause();
            }
            if (failed != null) {
                throw failed;
            }
            return deeper;
        }
    }
}
