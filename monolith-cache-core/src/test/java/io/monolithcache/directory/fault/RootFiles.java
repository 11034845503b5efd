// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.WipeMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The files below a root, named here by hand: the layout is what other versions and other processes rely on. */
record RootFiles(Path root) {

    Path base() {
        return root.resolve("monolith-cache");
    }

    Path internal() {
        return base().resolve(".monolith");
    }

    Path format() {
        return internal().resolve("format");
    }

    Path owners() {
        return internal().resolve("owners");
    }

    Path refs() {
        return internal().resolve("refs");
    }

    Path refs(CacheId id) {
        return refs().resolve(id.value());
    }

    Path prepared() {
        return internal().resolve("prepared");
    }

    Path trash() {
        return internal().resolve("trash");
    }

    Path caches() {
        return base().resolve("caches");
    }

    Path cache(CacheId id) {
        return caches().resolve(id.value());
    }

    Path metadata(CacheId id) {
        return cache(id).resolve("meta.json");
    }

    /** A manager that works only when it is told to, and has done everything when a call returns. */
    CacheManager manager() {
        return builder().build();
    }

    CacheManagerBuilder builder() {
        return CacheManager.builder().root(root).sweepInterval(Duration.ZERO).wipe(WipeMode.SYNCHRONOUS);
    }

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(Path::getFileName).map(Path::toString).sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** As {@code rm -rf} does, again and again while others add something; the tree must not be deep. */
    static void remove(Path tree) throws IOException {
        IOException failed = null;
        for (int attempt = 0; attempt < 1_000 && Files.exists(tree); attempt++) {
            try {
                removeOnce(tree);
                failed = null;
            } catch (IOException changedMeanwhile) {
                failed = changedMeanwhile;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private static void removeOnce(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void write(CacheDirectory cache, String name, String text) throws IOException {
        try (OutputStream out = cache.resource(name).getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String read(CacheDirectory cache, String name) throws IOException {
        return cache.resource(name).getContentAsString(StandardCharsets.UTF_8);
    }
}
