// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** The files in one directory, named relative to it. Links are never followed out of it. */
record CacheFiles(Path directory) {

    /** @throws IllegalArgumentException if a link on the way leads outside */
    Path locate(RelativeName name) throws IOException {
        Path file = directory;
        for (String part : name.parts()) {
            file = file.resolve(part);
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

    private boolean isInside(Path link) throws IOException {
        try {
            return link.toRealPath().startsWith(directory.toRealPath());
        } catch (NoSuchFileException danglingLink) {
            return false;
        }
    }

    Stream<String> names() throws IOException {
        return Files.walk(directory)
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .map(this::relativeName)
                .filter(name -> !name.equals(RelativeName.METADATA));
    }

    CacheUsage usage() throws IOException {
        var count = new SimpleFileVisitor<Path>() {
            long files;
            long bytes;

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !relativeName(file).equals(RelativeName.METADATA)) {
                    files++;
                    bytes += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (file.equals(directory) || !(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                return FileVisitResult.CONTINUE;
            }
        };
        Files.walkFileTree(directory, count);
        return new CacheUsage(count.files, count.bytes);
    }

    boolean changedSince(long epochMillis) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.anyMatch(file -> isNewer(file, epochMillis));
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static boolean isNewer(Path file, long epochMillis) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() >= epochMillis;
        } catch (IOException changedMeanwhile) {
            return true;
        }
    }

    private String relativeName(Path file) {
        return directory
                .relativize(file)
                .toString()
                .replace(file.getFileSystem().getSeparator(), "/");
    }
}
