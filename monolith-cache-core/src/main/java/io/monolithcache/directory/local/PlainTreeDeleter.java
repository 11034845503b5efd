// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a tree by paths, without following links: our own drafts, and on Windows, which has no {@code openat}, all.
 */
final class PlainTreeDeleter extends SimpleFileVisitor<Path> {

    static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new PlainTreeDeleter());
    }

    /** A junction of Windows reads as a directory of another kind: it goes, and what it leads to stays. */
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        if (attributes.isOther()) {
            Files.deleteIfExists(directory);
            return FileVisitResult.SKIP_SUBTREE;
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
        Files.deleteIfExists(directory);
        return FileVisitResult.CONTINUE;
    }
}
