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
import java.nio.file.LinkOption;
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

/**
 * The {@code monolith-cache} folder in a root: whether it may be used, and its first steps. The configured root itself
 * may be a link or a mounted volume of another user; the folder that is created in it must be a directory of ours.
 */
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
    private final boolean allowNetworkFileSystem;
    private final FileSystems fileSystems;
    private volatile @Nullable RootFormat format;

    LocalRoot(
            Path root, String registry, OrphanPolicy orphans, boolean allowNetworkFileSystem, FileSystems fileSystems) {
        this.root = resolve(root.toAbsolutePath().normalize());
        this.layout = new Layout(this.root.resolve(Layout.FOLDER));
        this.registry = registry;
        this.orphans = orphans;
        this.allowNetworkFileSystem = allowNetworkFileSystem;
        this.fileSystems = fileSystems;
    }

    /** Links are followed once, here, as far as the path exists. */
    private static Path resolve(Path root) {
        Path existing = root;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
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
            checkPlace();
            checkFolder();
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
            checkPlace();
            Files.createDirectories(root);
            checkPlace();
            createFolder();
            checkFolder();
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

    private void checkPlace() throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new CacheRootException(
                    "The cache root " + root + " is a file, not a folder.",
                    "Set monolith.cache.local.path to a folder, or remove that file.");
        }
        Path existing = root;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing) && !Files.isDirectory(layout.base())) {
            throw new CacheRootException(
                    "The cache root " + root + " cannot be written: " + existing + " is read-only for this process.",
                    "Give this user the right to write there, or set monolith.cache.local.path to another folder.");
        }
        String type = fileSystems.typeOf(existing);
        if (FileSystems.isNetwork(type)) {
            if (!allowNetworkFileSystem) {
                throw new CacheRootException(
                        "The cache root " + root + " is on a network file system (" + type
                                + "), where file locks may fail silently and caches be wiped while in use.",
                        "Set monolith.cache.local.path to a local disk, or, if the locks of this one are known to work"
                                + " between machines, monolith.cache.local.allow-network-file-system=true.");
            }
            log.warn("The cache root {} is on a network file system ({}); its file locks are trusted", root, type);
        }
    }

    private void checkFolder() throws IOException {
        Path base = layout.base();
        if (!Files.exists(base, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS)) {
            throw new CacheRootException(
                    base + " is a link or a file, not a folder of its own.",
                    "Remove it if nobody needs it, or set monolith.cache.local.path to another folder.");
        }
        if (!Ownership.isOurs(base)) {
            throw new CacheRootException(
                    base + " belongs to another user (" + Files.getOwner(base, LinkOption.NOFOLLOW_LINKS) + ").",
                    "Set monolith.cache.local.path to a folder of this user, or let that user give it away.");
        }
        if (!Files.isWritable(base)) {
            throw new CacheRootException(
                    "The cache root " + base + " is read-only for this process.",
                    "Make it writable, or set monolith.cache.local.path to another folder.");
        }
    }

    private void createFolder() throws IOException {
        try {
            Permissions.createPrivateDirectory(layout.base());
        } catch (FileAlreadyExistsException there) {
            checkFolder();
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
