// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Deletes a tree by paths, without following links, where the system has no {@code openat}: Windows. */
final class PlainTreeDeleter extends SimpleFileVisitor<Path> {

    static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new PlainTreeDeleter());
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
