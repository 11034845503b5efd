// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code meta.json} of each cache. It is replaced by write-temporary-then-rename, so a reader sees the old or the
 * new text. A user may destroy it through the directory's path: then it reads as empty, and the next change writes a
 * whole one.
 */
final class MetadataFile {

    private static final Logger log = LoggerFactory.getLogger(MetadataFile.class);

    private static final int STRIPES = 16;

    private final LocalRoot root;

    MetadataFile(LocalRoot root) {
        this.root = root;
    }

    /** Writes the first text, into a directory that nobody else sees yet. */
    static void write(Folder workspace, String directory, Map<String, Object> metadata) throws IOException {
        workspace.write(directory + "/" + RelativeName.METADATA, MetadataJson.write(metadata));
    }

    /** @throws NoSuchFileException if the cache itself is gone */
    Map<String, Object> read(CacheId id) throws IOException {
        Path directory = root.layout().cache(id);
        Path file = directory.resolve(RelativeName.METADATA);
        try {
            Map<String, Object> metadata = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? MetadataJson.read(Files.readAllBytes(file))
                    : null;
            if (metadata != null) {
                return metadata;
            }
        } catch (NoSuchFileException removedMeanwhile) {
            // reads as empty, or the cache is gone
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(directory.toString());
        }
        log.warn("{} is missing or damaged; the metadata of that cache read as empty", file);
        return Map.of();
    }

    /**
     * Reads, changes and writes while no other thread or process does.
     *
     * @param workspace where the new text is written, on the same file system
     * @throws NoSuchFileException if the cache itself is gone
     */
    void update(CacheId id, UnaryOperator<Map<String, Object>> change, Folder workspace) throws IOException {
        Path stripe = root.layout()
                .metadataLocks()
                .resolve(String.format("%02d", Math.floorMod(id.value().hashCode(), STRIPES)));
        ProcessLocks.locked(root.id(), stripe, () -> {
            byte[] text = MetadataJson.write(change.apply(read(id)));
            String draft = UUID.randomUUID().toString();
            try {
                workspace.write(draft, text);
                Files.move(
                        workspace.path().resolve(draft),
                        root.layout().cache(id).resolve(RelativeName.METADATA),
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(workspace.path().resolve(draft));
            }
            return text;
        });
    }
}
