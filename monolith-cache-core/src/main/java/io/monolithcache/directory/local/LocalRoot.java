// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.OrphanPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    private final Path root;
    private final Layout layout;
    private final String registry;
    private final OrphanPolicy orphans;
    private final RootChecks checks;
    private volatile @Nullable RootFormat format;

    LocalRoot(
            Path root, String registry, OrphanPolicy orphans, boolean allowNetworkFileSystem, FileSystems fileSystems) {
        this.root = resolve(root.toAbsolutePath().normalize());
        this.layout = new Layout(this.root.resolve(Layout.FOLDER));
        this.registry = registry;
        this.orphans = orphans;
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
            checks.checkPlace();
            checks.warnOfNetwork();
            checks.checkFolder();
            format = RootFormat.read(layout.format()).orElse(null);
            checkRegistry();
            if (format == null && holdsCaches()) {
                log.warn("{} {}", orphansFound(), orphansAdvice());
            }
            return format != null;
        });
    }

    /** Whether the format is still the one that was known at the start: only then may anything be swept. */
    boolean isIntact() throws IOException {
        RootFormat known = format;
        return known != null
                && Files.isDirectory(layout.refs())
                && Files.isDirectory(layout.trash())
                && RootFormat.read(layout.format()).filter(known::equals).isPresent();
    }

    /** Makes the root ready for caches, if it is not. */
    void open() {
        Disk.run("prepare the cache root " + root, () -> {
            checks.checkPlace();
            Files.createDirectories(root);
            checks.checkPlace();
            createFolder();
            checks.checkFolder();
            for (Path directory : List.of(
                    layout.internal(),
                    layout.owners(),
                    layout.refs(),
                    layout.prepared(),
                    layout.metadataLocks(),
                    layout.trash(),
                    layout.caches())) {
                createIfMissing(directory);
            }
            Optional<RootFormat> found = RootFormat.read(layout.format());
            format = found.isPresent() ? found.get() : createFormat();
            checkRegistry();
        });
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

    private void checkRegistry() {
        RootFormat known = format;
        if (known != null && !known.registry().equals(registry)) {
            throw new CacheRootException(
                    "The cache root " + layout.base() + " is kept by the registry '" + known.registry()
                            + "', and two registries on one root would wipe each other's caches.",
                    "Set monolith.cache.registry=" + known.registry()
                            + ", or monolith.cache.local.path to another folder.");
        }
    }

    private RootFormat createFormat() throws IOException {
        RootFormat fresh = new RootFormat(CacheId.random(Instant.now()).value(), registry);
        return ProcessLocks.lockedOnce(layout.starting(), () -> {
            // under the lock, because an adoption that went on beside another process's caches could revive one
            if (RootFormat.read(layout.format()).isEmpty()) {
                decideOnOrphans();
                RootFormat.create(layout.format(), fresh);
            }
            return RootFormat.read(layout.format())
                    .orElseThrow(() -> new NoSuchFileException(layout.format().toString()));
        });
    }

    private void decideOnOrphans() throws IOException {
        if (!holdsCaches()) {
            return;
        }
        if (orphans == OrphanPolicy.KEEP) {
            throw new CacheBackendException(orphansFound() + " " + orphansAdvice(), null);
        }
        try (DirectoryStream<Path> caches = Files.newDirectoryStream(layout.caches())) {
            for (Path cache : caches) {
                String name = cache.getFileName().toString();
                if (!CacheId.isValid(name)) {
                    continue;
                }
                if (orphans == OrphanPolicy.LOCK) {
                    Path refs = layout.refs().resolve(name);
                    createIfMissing(refs);
                    createIfMissingFile(refs.resolve(LockFile.WITHOUT_END.name()));
                } else {
                    Files.move(
                            cache,
                            layout.trash().resolve(name + "-" + UUID.randomUUID()),
                            StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        log.warn("{} They were {}", orphansFound(), orphans == OrphanPolicy.LOCK ? "adopted and locked" : "wiped");
    }

    private boolean holdsCaches() throws IOException {
        try (DirectoryStream<Path> caches = Files.newDirectoryStream(
                layout.caches(), entry -> CacheId.isValid(entry.getFileName().toString()))) {
            Iterator<Path> first = caches.iterator();
            return first.hasNext();
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    private String orphansFound() {
        return layout.caches() + " holds cache directories, but " + layout.format()
                + ", which says who keeps them, is missing; nobody knows which of them are in use.";
    }

    private static String orphansAdvice() {
        return "Nothing is wiped, and no cache is created, until you restore it, or stop everybody who uses this root"
                + " and set monolith.cache.local.orphans to lock (to keep them as locked caches) or wipe.";
    }

    private static void createIfMissing(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException there) {
            // made by another process
        }
    }

    private static void createIfMissingFile(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException there) {
            // made by another process
        }
    }
}
