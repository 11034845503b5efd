// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.owner.ProcessLocks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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

    private final Layout layout;

    MetadataFile(Layout layout) {
        this.layout = layout;
    }

    /** Writes the first text, into a directory that nobody else sees yet. */
    static void write(Folder workspace, String directory, Map<String, Object> metadata) throws IOException {
        workspace.write(directory + "/" + RelativeName.METADATA, MetadataJson.write(metadata));
    }

    /**
     * The metadata, to be looked at: one cache whose file may not be read does not spoil the list of all.
     *
     * @throws NoSuchFileException if the cache itself is gone
     */
    Map<String, Object> show(CacheId id) throws IOException {
        try {
            return read(id);
        } catch (AccessDeniedException denied) {
            log.warn("{} may not be read by this user; the metadata of that cache read as empty", denied.getFile());
            return Map.of();
        }
    }

    /**
     * The metadata, to decide something: a file that may not be read is made readable, since what it says of a lock
     * counts.
     *
     * @throws NoSuchFileException if the cache itself is gone
     */
    Map<String, Object> readAnyhow(CacheId id) throws IOException {
        try {
            return read(id);
        } catch (AccessDeniedException denied) {
            Permissions.makeReadable(layout.cache(id), RelativeName.METADATA);
            return read(id);
        }
    }

    /** @throws NoSuchFileException if the cache itself is gone */
    Map<String, Object> read(CacheId id) throws IOException {
        Path directory = layout.cache(id);
        Path file = directory.resolve(RelativeName.METADATA);
        try {
            Map<String, Object> metadata = read(file);
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

    /** Null for what we have not written: a link, a pipe that would block, a file that would fill the memory. */
    private static @Nullable Map<String, Object> read(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() || attributes.size() > MetadataJson.MOST_BYTES) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return MetadataJson.read(in.readNBytes(MetadataJson.MOST_BYTES));
        }
    }

    /**
     * Reads, changes and writes while no other thread or process does.
     *
     * @param workspace where the new text is written, on the same file system
     * @throws NoSuchFileException if the cache itself is gone
     */
    void update(CacheId id, UnaryOperator<Map<String, Object>> change, Folder workspace) throws IOException {
        Path stripe = layout.metadataLocks()
                .resolve(String.format(
                        Locale.ROOT, "%02d", Math.floorMod(id.value().hashCode(), STRIPES)));
        ProcessLocks.locked(stripe, () -> {
            byte[] text = MetadataJson.write(change.apply(read(id)));
            if (Files.isSymbolicLink(layout.cache(id))) {
                throw new NoSuchFileException(layout.cache(id).toString());
            }
            String draft = UUID.randomUUID().toString();
            try {
                workspace.write(draft, text);
                Files.move(
                        workspace.path().resolve(draft),
                        layout.cache(id).resolve(RelativeName.METADATA),
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(workspace.path().resolve(draft));
            }
            return text;
        });
    }
}
