// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The files in one directory, named relative to it. Links are never followed out of it. */
record CacheFiles(Path directory) {

    /**
     * Where a file is.
     *
     * @throws IllegalArgumentException if a link on the way leads outside
     */
    Path locate(RelativeName name) throws IOException {
        if (Files.isSymbolicLink(directory)) {
            throw new NoSuchFileException(directory.toString(), null, "somebody put a link in its place");
        }
        Path file = directory;
        for (String part : name.parts()) {
            Path next = file.resolve(part);
            if (!file.equals(next.getParent())) {
                throw new IllegalArgumentException(
                        "'" + name + "' has a part that is no name of a file on this system: " + part);
            }
            file = next;
            if (Files.isSymbolicLink(file) && !isInside(file)) {
                throw new IllegalArgumentException(
                        "'" + name + "' leads outside of the cache directory, through a link");
            }
        }
        return file;
    }

    /** Renames a draft into its place. Makes the folders above it, but never the cache directory itself. */
    void publish(Path draft, RelativeName name) throws IOException {
        Path target = locate(name);
        List<String> parts = name.parts();
        Path folder = directory;
        for (String part : parts.subList(0, parts.size() - 1)) {
            folder = folder.resolve(part);
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException there) {
                // and if it is no folder, the rename says so
            }
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes a file, if it is there. */
    void delete(RelativeName name) throws IOException {
        Path file = locate(name);
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("'" + name + "' is a directory, not a file");
        }
        try {
            Files.deleteIfExists(file);
        } catch (FileSystemException failure) {
            if (!isBelowAFile(file)) {
                throw failure;
            }
        }
    }

    /** Whether a file lies on the way where a folder would have to be: then there is nothing below. */
    private boolean isBelowAFile(Path located) {
        for (Path folder = located.getParent();
                folder != null && !folder.equals(directory);
                folder = folder.getParent()) {
            if (Files.isRegularFile(folder)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInside(Path link) throws IOException {
        try {
            return link.toRealPath().startsWith(directory.toRealPath());
        } catch (NoSuchFileException danglingLink) {
            return false;
        }
    }

    Stream<String> names() throws IOException {
        return FilesBelow.stream(directory)
                .map(file -> relativeName(file.path()))
                .filter(name -> !RelativeName.isReserved(name));
    }

    /** What this user may not see is not counted: a sum that is too small says more than a failure. */
    CacheUsage usage() throws IOException {
        long files = 0;
        long bytes = 0;
        try (Stream<FilesBelow.Found> all = FilesBelow.readable(directory)) {
            for (FilesBelow.Found file : (Iterable<FilesBelow.Found>) all::iterator) {
                if (!RelativeName.isReserved(relativeName(file.path()))) {
                    files++;
                    bytes += file.size();
                }
            }
        } catch (AccessDeniedException unreadable) {
            // then none of them can be seen
        }
        return new CacheUsage(files, bytes);
    }

    /** The times of all files and folders, whatever clock wrote them, with their names, as one number. */
    long changes() throws IOException {
        Changes changes = new Changes(directory);
        Files.walkFileTree(directory, changes);
        return changes.sum;
    }

    /** Passes over what vanishes meanwhile, and over the marks of wipes: those of one that gave up are no use of it. */
    private static final class Changes extends SimpleFileVisitor<Path> {

        private final Path top;
        private final Path marks;
        private long sum;

        Changes(Path top) {
            this.top = top;
            this.marks = top.resolve(RelativeName.WIPE_MARK);
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.equals(marks)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            return visitFile(folder, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // nanoseconds, as far as the file system keeps them
            sum += 31L * attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + file.hashCode();
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (file.equals(top) || !(failure instanceof NoSuchFileException)) {
                throw failure;
            }
            return FileVisitResult.CONTINUE;
        }
    }

    private String relativeName(Path file) {
        return directory
                .relativize(file)
                .toString()
                .replace(file.getFileSystem().getSeparator(), "/");
    }
}
