// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Caches are folders below a root. */
record DiskSight(Path root) implements Sight {

    private Path caches() {
        return root.resolve("monolith-cache/caches");
    }

    @Override
    public List<CacheId> ids() {
        List<CacheId> ids = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(caches())) {
            all.forEach(cache -> ids.add(CacheId.of(cache.getFileName().toString())));
        } catch (NoSuchFileException none) {
            return ids;
        } catch (IOException | DirectoryIteratorException failure) {
            throw new IllegalStateException(failure);
        }
        return ids;
    }

    @Override
    public @Nullable String missing(CacheId id, String file) {
        Path directory = caches().resolve(id.value());
        if (!Files.isRegularFile(directory.resolve("meta.json"))) {
            return "meta.json";
        }
        return file.isEmpty() || Files.isRegularFile(directory.resolve(file)) ? null : file;
    }

    @Override
    public boolean isCheap() {
        return true;
    }
}
