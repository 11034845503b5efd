// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.owner.ProcessLocks;
import io.monolithcache.owner.RootLocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code monolith-cache} folder in a root: what it is at the start, and its first steps. */
final class LocalRoot {

    private static final Logger log = LoggerFactory.getLogger(LocalRoot.class);

    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # The files in this folder are kept by Monolith Cache. They can be made again, so backups may leave them out.
            """;

    private final @Nullable Path ownFolder;
    private final Path root;
    private final Layout layout;
    private final String registry;
    private final @Nullable String namespace;
    private final Orphans orphans;
    private final RootChecks checks;
    private final AtomicBoolean toldOfLoss = new AtomicBoolean();
    private volatile @Nullable RootFormat format;

    LocalRoot(
            RootLocator.Place place,
            String registry,
            OrphanPolicy orphans,
            boolean allowNetworkFileSystem,
            FileSystems fileSystems) {
        this(place, registry, null, orphans, allowNetworkFileSystem, fileSystems);
    }

    /** @param namespace which of the registry's namespaces, if it has several */
    LocalRoot(
            RootLocator.Place place,
            String registry,
            @Nullable String namespace,
            OrphanPolicy orphans,
            boolean allowNetworkFileSystem,
            FileSystems fileSystems) {
        this.ownFolder = place.ownFolder();
        this.root = resolve(place.root().toAbsolutePath().normalize());
        this.layout = new Layout(this.root.resolve(Layout.FOLDER));
        this.registry = registry;
        this.namespace = namespace;
        this.orphans = new Orphans(layout, registry.equals(FileReferenceRegistry.NAME), orphans);
        this.checks = new RootChecks(this.root, layout.base(), allowNetworkFileSystem, fileSystems);
    }

    /** Links are followed once, here, as far as the path exists. */
    private static Path resolve(Path root) {
        Path existing = RootChecks.nearestExisting(root);
        try {
            return existing.toRealPath().resolve(existing.relativize(root));
        } catch (IOException unreadable) {
            return root;
        }
    }

    Layout layout() {
        return layout;
    }

    /** Whether somebody works here, or has: perhaps another process, that began to after this one had looked. */
    boolean isKnown() {
        if (format == null) {
            Disk.run("look at the cache root " + root, this::recognize);
        }
        return format != null;
    }

    private void recognize() throws IOException {
        checks.checkFolder();
        checks.checkOwnFolders(ownFolders());
        RootFormat found = RootFormat.read(layout.format()).orElse(null);
        checkRegistry(found);
        if (found != null && isComplete()) {
            format = found;
        }
    }

    /** The random name of this root; it is known once the root was looked at or opened. */
    String id() {
        RootFormat known = format;
        if (known == null) {
            throw new IllegalStateException("The root " + root + " was not opened");
        }
        return known.root();
    }

    /**
     * Looks, and writes nothing.
     *
     * @return whether somebody worked here before
     * @throws CacheRootException if what is there cannot be used
     */
    boolean look() {
        return Disk.call("look at the cache root " + root, () -> {
            checkOwnFolder();
            checks.checkPlace();
            checks.warnOfNetwork();
            checks.checkFolder();
            checks.checkOwnFolders(ownFolders());
            format = RootFormat.read(layout.format()).orElse(null);
            checkRegistry(format);
            if (!isComplete()) {
                format = null;
                orphans.warn();
            }
            log.info(
                    "Cache directories lie in {}; the registry '{}' keeps their references", layout.caches(), registry);
            return format != null;
        });
    }

    private List<Path> ownFolders() {
        List<Path> folders = new ArrayList<>(orphans.folders());
        folders.addAll(
                List.of(layout.internal(), layout.prepared(), layout.metadataLocks(), layout.trash(), layout.caches()));
        return folders;
    }

    private boolean isComplete() {
        return orphans.missing() == null;
    }

    /** Whether the format is still the one that was first known: only then may anything be swept. */
    boolean isIntact() throws IOException {
        RootFormat known = isKnown() ? format : null;
        boolean intact = known != null
                && ownFolders().stream().allMatch(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                // last, because an adoption removes it before it makes the folders again
                && RootFormat.read(layout.format())
                        .filter(known::isSameRoot)
                        .filter(this::isOurs)
                        .isPresent();
        if (intact) {
            toldOfLoss.set(false);
        } else if (known != null && toldOfLoss.compareAndSet(false, true)) {
            log.warn(
                    "{} is not what it was when this process started to use it: nothing is swept, and nothing wiped that"
                            + " was left by others. Restore it, or restart whoever uses this root;"
                            + " monolith.cache.local.orphans says what becomes of caches that nobody knows",
                    layout.internal());
        }
        return intact;
    }

    /**
     * Looks again. Writes nothing, and changes nothing of what is known of this root.
     *
     * @param inUse whether this process works here; if not, the root may still come or go
     * @throws CacheBackendException if no cache can be created here
     */
    void check(boolean inUse) throws IOException {
        checks.checkPlace();
        checks.checkFolder();
        checks.checkOwnFolders(ownFolders());
        checks.checkWritable(ownFolders());
        if (!inUse) {
            checkRegistry(RootFormat.read(layout.format()).orElse(null));
            orphans.refuse();
        } else if (!isIntact()) {
            throw new CacheRootException(
                    "The cache root " + layout.base() + " was removed or replaced while this process used it.",
                    "Restart the application, and keep others from removing it.");
        }
    }

    /** Makes the root ready for caches, if it is not. */
    void open() {
        Disk.run("prepare the cache root " + root, () -> {
            createOwnFolder();
            checks.checkPlace();
            Files.createDirectories(root);
            checks.checkPlace();
            createFolder();
            checks.checkFolder();
            checks.checkOwnFolders(ownFolders());
            orphans.refuse();
            for (Path directory : List.of(
                    layout.internal(), layout.prepared(), layout.metadataLocks(), layout.trash(), layout.caches())) {
                Disk.createIfMissing(directory);
            }
            RootFormat found = isComplete() ? readFormat() : createFormat();
            format = found;
            checkRegistry(found);
            if (namespace != null && found.namespace() == null) {
                found = noteNamespace(namespace);
                format = found;
                checkRegistry(found);
            }
        });
    }

    /** A root of before namespaces were noted belongs to the first one that works in it. */
    private RootFormat noteNamespace(String own) throws IOException {
        return ProcessLocks.locked(layout.starting(), () -> {
            if (readFormat().namespace() == null) {
                RootFormat.note(layout.format(), layout.trash(), own);
            }
            return readFormat();
        });
    }

    private RootFormat readFormat() throws IOException {
        return RootFormat.read(layout.format())
                .orElseThrow(() -> new NoSuchFileException(layout.format().toString()));
    }

    private void checkOwnFolder() throws IOException {
        if (ownFolder != null) {
            checks.checkOwnFolder(ownFolder);
        }
    }

    private void createOwnFolder() throws IOException {
        if (ownFolder != null) {
            try {
                Permissions.createPrivateDirectory(ownFolder);
            } catch (FileAlreadyExistsException there) {
                checks.checkOwnFolder(ownFolder);
            }
        }
    }

    private void createFolder() throws IOException {
        try {
            Permissions.createPrivateDirectory(layout.base());
        } catch (FileAlreadyExistsException there) {
            checks.checkFolder();
            Permissions.makePrivate(layout.base());
        }
        Path tag = layout.base().resolve("CACHEDIR.TAG");
        byte[] text = TAG.getBytes(StandardCharsets.US_ASCII);
        // a full disk may have cut it off
        if (!Files.exists(tag) || Files.size(tag) < text.length) {
            Files.write(tag, text);
        }
    }

    private void checkRegistry(@Nullable RootFormat known) {
        if (known != null && !known.registry().equals(registry)) {
            throw new CacheRootException(
                    "The cache root " + layout.base() + " is kept by the registry '" + known.registry()
                            + "', and two registries on one root would wipe each other's caches.",
                    "Set monolith.cache.registry=" + known.registry()
                            + ", or monolith.cache.local.path to another folder.");
        }
        if (known != null && !isOfOurNamespace(known)) {
            throw new CacheRootException(
                    "The cache root " + layout.base() + " is kept in the namespace '" + known.namespace()
                            + "' of the registry '" + registry + "', not in '" + namespace
                            + "', and two namespaces on one root would wipe each other's caches.",
                    "Set monolith.cache." + registry + ".namespace=" + known.namespace()
                            + ", or monolith.cache.local.path to another folder.");
        }
    }

    /** Another registry may have taken the root before this process did. */
    private boolean isOurs(RootFormat known) {
        return known.registry().equals(registry) && isOfOurNamespace(known);
    }

    private boolean isOfOurNamespace(RootFormat known) {
        return known.namespace() == null || known.namespace().equals(namespace);
    }

    private RootFormat createFormat() throws IOException {
        RootFormat fresh = new RootFormat(CacheId.random(Instant.now()).value(), registry, namespace);
        return ProcessLocks.locked(layout.starting(), () -> {
            // under the lock, because an adoption that went on beside another process's caches could revive one
            if (!isComplete()) {
                orphans.refuse();
                retire();
                for (Path folder : orphans.folders()) {
                    Disk.createIfMissing(folder);
                }
                orphans.decide();
                RootFormat.create(layout.format(), layout.trash(), fresh);
            }
            return readFormat();
        });
    }

    /**
     * Takes away what is left of a registry in parts. Without the format nobody sweeps; and whoever still works here
     * finds that its owner's file is gone, and creates nothing beside references that it does not see.
     */
    private void retire() throws IOException {
        format = RootFormat.read(layout.format()).orElse(null);
        checkRegistry(format);
        if (format != null) {
            Files.delete(layout.format());
        }
        orphans.retireOwners();
    }
}
