// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.OrphanPolicy;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches of which nobody knows who uses them, because the registry beside them is not whole. {@link OrphanPolicy} says
 * what becomes of them.
 */
final class Orphans {

    private static final Logger log = LoggerFactory.getLogger(Orphans.class);

    private static final String ADVICE =
            "Nothing is wiped, and no cache is created, until you restore it, or stop everybody who uses this root"
                    + " and set monolith.cache.local.orphans to lock (to keep them as locked caches) or wipe.";

    private static final String LATER =
            "The first use of this manager does with them what monolith.cache.local.orphans says.";

    private final Layout layout;
    private final boolean inFiles;
    private final OrphanPolicy policy;

    /** @param inFiles whether the registry keeps its references in files of this root */
    Orphans(Layout layout, boolean inFiles, OrphanPolicy policy) {
        this.layout = layout;
        this.inFiles = inFiles;
        this.policy = policy;
    }

    /** The folders of the registry. Without them the format says nothing about the caches beside it. */
    List<Path> folders() {
        return inFiles ? List.of(layout.owners(), layout.refs()) : List.of();
    }

    /** What is missing of the registry, or null. */
    @Nullable Path missing() {
        for (Path folder : folders()) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return folder;
            }
        }
        return Files.exists(layout.format()) ? null : layout.format();
    }

    /** Tells of them, if there are any. */
    void warn() throws IOException {
        if (exist()) {
            log.warn("{} {}", found(), policy == OrphanPolicy.KEEP ? ADVICE : LATER);
        }
    }

    /** @throws CacheBackendException if there are any, and nobody has decided what becomes of them */
    void refuse() throws IOException {
        if (policy == OrphanPolicy.KEEP && exist()) {
            throw new CacheBackendException(found() + " " + ADVICE, null);
        }
    }

    /** In this order, because another process may be at its first steps: the format appears before the first cache. */
    private boolean exist() throws IOException {
        return holdsCaches() && missing() != null;
    }

    /** Moves owners without references away: whoever of them still works here finds that its file is gone. */
    void retireOwners() throws IOException {
        if (!Files.isDirectory(layout.refs()) && holds(layout.owners(), name -> true)) {
            trash(layout.owners());
        }
    }

    /** Locks or wipes every cache that is there. */
    void decide() throws IOException {
        if (!holdsCaches()) {
            return;
        }
        String found = found();
        if (policy == OrphanPolicy.LOCK) {
            forEachId(layout.caches(), inFiles ? this::lockByFile : this::lockByMetadata);
            log.warn("{} They were adopted and locked", found);
        } else {
            forEachId(layout.caches(), this::trash);
            if (inFiles) {
                forEachId(layout.refs(), this::trash);
            }
            log.warn("{} They were wiped", found);
        }
    }

    private void lockByFile(Path cache) throws IOException {
        Path refs = layout.refs().resolve(cache.getFileName());
        Disk.createIfMissing(refs);
        createIfMissing(refs.resolve(LockFile.WITHOUT_END.name()));
    }

    /** A registry elsewhere takes over a lock that it does not know from there. */
    private void lockByMetadata(Path cache) throws IOException {
        CacheId id = CacheId.of(cache.getFileName().toString());
        new MetadataFile(layout)
                .update(id, stored -> DirectoryStorage.locked(id, stored, null), new NamedFolder(layout.trash()));
    }

    private String found() {
        return layout.caches() + " holds cache directories, but " + missing()
                + ", which tells who uses them, is missing; nobody knows which of them are in use.";
    }

    private void trash(Path directory) throws IOException {
        Path trashed = layout.trash().resolve(directory.getFileName() + "-" + UUID.randomUUID());
        try {
            Files.move(directory, trashed, StandardCopyOption.ATOMIC_MOVE);
        } catch (AccessDeniedException noRights) {
            Permissions.makeWritable(directory);
            Files.move(directory, trashed, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run(Path path) throws IOException;
    }

    private static void forEachId(Path folder, Step step) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (CacheId.isValid(entry.getFileName().toString())) {
                    step.run(entry);
                }
            }
        }
    }

    private boolean holdsCaches() throws IOException {
        return holds(layout.caches(), CacheId::isValid);
    }

    private static boolean holds(Path folder, Predicate<String> wanted) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                folder, entry -> wanted.test(entry.getFileName().toString()))) {
            Iterator<Path> first = entries.iterator();
            return first.hasNext();
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    private static void createIfMissing(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException there) {
            // made by another process
        }
    }
}
