// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.StorageStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.io.WritableResource;

/**
 * Cache directories on the local disk; {@link Layout} shows where. A directory appears with its {@code meta.json} by
 * one rename from {@code prepared}, and vanishes by one rename into {@code trash}. Files are written in
 * {@code prepared} too, so that nothing half-written is seen in a cache, and a sweep finds it when the writer dies.
 */
final class LocalDirectoryStorage implements DirectoryStorage {

    static final String NAME = "local";

    private static final Logger log = LoggerFactory.getLogger(LocalDirectoryStorage.class);

    /**
     * Directories are prepared in two folders by turns: whoever makes one and whoever takes one would wait for each
     * other if both worked in the same folder. Measured on ext4, that was 15 µs of a create.
     */
    private static final List<String> LANES = List.of("even", "odd");

    private static final int LANE_CHANGE = 64;

    private final LocalRoot root;
    private final Layout layout;
    private final MetadataFile metadata;
    private final TreeDeleter deleter;
    private final String locations;

    /** How many entries of the trash could not be deleted by the last purge: only a change for the worse is told. */
    private final AtomicInteger stuck = new AtomicInteger();

    private volatile Folder caches;
    private volatile Folder trash;
    private volatile @Nullable Folder workspace;
    private final AtomicLong drafts = new AtomicLong();

    LocalDirectoryStorage(LocalRoot root) {
        this.root = root;
        this.layout = root.layout();
        this.metadata = new MetadataFile(layout);
        this.deleter = new TreeDeleter(layout);
        this.caches = new NamedFolder(layout.caches());
        this.trash = new NamedFolder(layout.trash());
        // asks the disk whether it is a directory, so it is asked once
        String uri = layout.caches().toUri().toString();
        this.locations = uri.endsWith("/") ? uri : uri + "/";
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public URI location(CacheId id) {
        return URI.create(locations + id + "/");
    }

    @Override
    public Path path(CacheId id) {
        return layout.cache(id);
    }

    @Override
    public CacheId idOf(URI location) {
        if (!"file".equals(location.getScheme())) {
            throw new IllegalArgumentException("Not a location of a local cache: " + location);
        }
        Path path = Path.of(location).normalize();
        Path name = path.getFileName();
        if (name == null || !isCaches(path.getParent()) || !CacheId.isValid(name.toString())) {
            throw new IllegalArgumentException(
                    location + " is not a cache directory of this manager, which keeps them in " + layout.caches());
        }
        return CacheId.of(name.toString());
    }

    /** The folder of caches may be named through a link, as the configured root may. */
    private boolean isCaches(@Nullable Path folder) {
        if (folder == null) {
            return false;
        }
        try {
            return folder.equals(layout.caches()) || folder.toRealPath().equals(layout.caches());
        } catch (IOException elsewhere) {
            return false;
        }
    }

    @Override
    public boolean start() {
        return root.look();
    }

    @Override
    public @Nullable String root() {
        return root.isKnown() ? root.id() : null;
    }

    @Override
    public String openRoot() {
        root.open();
        return root.id();
    }

    @Override
    public boolean isIntact() {
        return Disk.call("look at the cache root " + layout.base(), root::isIntact);
    }

    @Override
    public void open(String owner) {
        Path own = layout.prepared().resolve(owner);
        Disk.run("create " + own, () -> {
            Disk.createIfMissing(own);
            for (String lane : LANES) {
                Disk.createIfMissing(own.resolve(lane));
            }
            close();
            workspace = Folder.open(own);
            caches = Folder.open(layout.caches());
            trash = Folder.open(layout.trash());
        });
    }

    @Override
    public String prepare() {
        long number = drafts.incrementAndGet();
        String name = LANES.get((int) (number / LANE_CHANGE % LANES.size())) + "/" + number;
        Path directory = workspace().path().resolve(name);
        Disk.run("create a cache directory in " + layout.prepared(), () -> Files.createDirectory(directory));
        return name;
    }

    @Override
    public void fill(String prepared, CacheId id, Map<String, Object> values) {
        orDelete(prepared, id, own -> MetadataFile.write(own, prepared, values));
    }

    @Override
    public void publish(String prepared, CacheId id) {
        orDelete(prepared, id, own -> own.move(prepared, caches, id.value()));
    }

    @FunctionalInterface
    private interface Step {
        void run(Folder workspace) throws IOException;
    }

    /** A full disk is not filled further by what could not be published. */
    private void orDelete(String prepared, CacheId id, Step step) {
        Folder own = workspace();
        Disk.run("create cache " + id + " in " + layout.caches(), () -> {
            try {
                step.run(own);
            } catch (IOException | IllegalArgumentException failure) {
                deleteQuietly(own.path().resolve(prepared), failure);
                throw failure;
            }
        });
    }

    private static void deleteQuietly(Path directory, Exception failure) {
        try {
            PlainTreeDeleter.delete(directory);
        } catch (IOException another) {
            failure.addSuppressed(another);
        }
    }

    @Override
    public void discard(String prepared) {
        Path directory = workspace().path().resolve(prepared);
        Disk.run("remove " + directory, () -> {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                PlainTreeDeleter.delete(directory);
            }
        });
    }

    @Override
    public List<String> preparers() {
        return Disk.call("list " + layout.prepared(), () -> {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(layout.prepared())) {
                folders.forEach(folder -> names.add(folder.getFileName().toString()));
            } catch (NoSuchFileException none) {
                // nobody has worked here
            }
            return names;
        });
    }

    @Override
    public void removePrepared(String owner) {
        Path directory = layout.prepared().resolve(owner);
        Disk.run("remove " + directory, () -> {
            String trashed = "prepared-" + UUID.randomUUID();
            try (Folder prepared = Folder.open(layout.prepared())) {
                if (vanish(prepared, owner, trashed)) {
                    deleter.delete(trashed);
                }
            } catch (NoSuchFileException none) {
                // somebody removed it all
            }
        });
    }

    @Override
    public boolean isThere(CacheId id) {
        Path directory = layout.cache(id);
        // a disk that cannot tell has not lost it
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Disk.isAbsent(directory));
    }

    @Override
    public Look look(CacheId id, Instant now) {
        return Disk.call("look at cache " + id, () -> {
            if (!isThere(id)) {
                return Look.GONE;
            }
            boolean marked = isMarked(id);
            try {
                return Look.of(marked, DirectoryStorage.isLocked(metadata.readAnyhow(id), now));
            } catch (NoSuchFileException goneMeanwhile) {
                return Look.GONE;
            }
        });
    }

    @Override
    public boolean mark(CacheId id, String wiper) {
        return Disk.call("mark cache " + id, () -> WipeMark.set(layout.cache(id), wiper));
    }

    @Override
    public boolean isMarked(CacheId id) {
        return Disk.call("look at cache " + id, () -> WipeMark.isSet(layout.cache(id)));
    }

    @Override
    public void unmark(CacheId id, String wiper) {
        Disk.run("unmark cache " + id, () -> WipeMark.unset(layout.cache(id), wiper));
    }

    /** All vanish at once, whatever lies there: who is about to put one more puts it into a folder of its own. */
    @Override
    public void unmark(CacheId id) {
        Path directory = layout.cache(id);
        String trashed = trashed("marks-" + id);
        Disk.run("unmark cache " + id, () -> {
            if (vanish(new NamedFolder(directory), RelativeName.WIPE_MARK, trashed)) {
                delete(trashed);
            }
            WipeMark.clearBit(directory);
        });
    }

    @Override
    public @Nullable Trash trash(CacheId id) {
        String trashed = trashed(id.value());
        boolean moved = Disk.call("wipe cache " + id, () -> vanish(caches, id.value(), trashed));
        return moved ? () -> delete(trashed) : null;
    }

    private static String trashed(String name) {
        return name + "-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /**
     * Renames something into the trash.
     *
     * @return false if there was nothing to rename
     */
    boolean vanish(Folder from, String name, String trashed) throws IOException {
        try {
            from.move(name, trash, trashed);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (AccessDeniedException noRights) {
            // moving a directory changes its parent, so it needs the right to write in the directory itself
            Permissions.makeWritable(from.path().resolve(name));
            from.move(name, trash, trashed);
            return true;
        }
    }

    /** What cannot be deleted now stays in the trash, and the next sweep tries again. */
    void delete(String trashed) {
        try {
            deleter.delete(trashed);
        } catch (IOException failure) {
            log.warn("{} in {} could not be deleted; the next sweep tries again", trashed, layout.trash(), failure);
        }
    }

    @Override
    public int purge() {
        try {
            int deleted = Disk.call("empty the trash " + layout.trash(), deleter::deleteAll);
            stuck.set(0);
            return deleted;
        } catch (CacheBackendException failure) {
            // the failures of further entries come with the first one
            int left = 1 + Objects.requireNonNull(failure.getCause()).getSuppressed().length;
            boolean news = left > stuck.getAndSet(left);
            log.atLevel(news ? Level.WARN : Level.DEBUG)
                    .setCause(failure)
                    .log("Something in {} cannot be deleted; every sweep tries again", layout.trash());
            return 0;
        }
    }

    @Override
    public Stream<CacheId> list() {
        return Disk.call("list " + layout.caches(), () -> ids(layout.caches()));
    }

    /** The valid ids among the names in a folder, lazily; none if there is no folder. */
    static Stream<CacheId> ids(Path folder) throws IOException {
        DirectoryStream<Path> entries;
        try {
            entries = Files.newDirectoryStream(folder);
        } catch (NoSuchFileException none) {
            return Stream.empty();
        }
        return StreamSupport.stream(new EntrySpliterator(folder, entries.iterator()), false)
                .map(Path::getFileName)
                .map(Path::toString)
                .filter(CacheId::isValid)
                .map(CacheId::of)
                .onClose(() -> Disk.run("close " + folder, entries::close));
    }

    @Override
    public Map<String, Object> metadata(CacheId id) {
        return inCache(id, "read the metadata of cache " + id, () -> metadata.show(id));
    }

    @Override
    public void updateMetadata(CacheId id, UnaryOperator<Map<String, Object>> change) {
        inCache(id, "change the metadata of cache " + id, () -> {
            metadata.update(id, change, workspace());
            return true;
        });
    }

    @Override
    public WritableResource resource(CacheId id, RelativeName name, Runnable stillOpen) {
        CacheFiles files = files(id);
        return Disk.call("look for " + name, () -> new LocalResource(files, name, this::newDraft, stillOpen));
    }

    @Override
    public Stream<String> resources(CacheId id) {
        return inCache(id, "list cache " + id, () -> files(id).names());
    }

    @Override
    public boolean exists(CacheId id, RelativeName name) {
        return Disk.call("look for " + name, () -> Files.isRegularFile(files(id).locate(name)));
    }

    @Override
    public void delete(CacheId id, RelativeName name) {
        Disk.run("delete " + name + " in cache " + id, () -> files(id).delete(name));
    }

    @Override
    public Path download(CacheId id, RelativeName name) {
        return inCache(id, "find " + name + " in cache " + id, () -> {
            Path file = files(id).locate(name);
            if (isFile(file)) {
                return file;
            }
            if (!isThere(id)) {
                throw new CacheNotFoundException(id);
            }
            throw new CacheBackendException(
                    "There is no file '" + name + "' in cache " + id + "; exists() and resources() tell what is there",
                    null);
        });
    }

    /** Unlike {@link Files#isRegularFile} it fails when the disk cannot tell. */
    private static boolean isFile(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isRegularFile();
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    @Override
    public void upload(CacheId id, Path source, RelativeName name, Runnable stillOpen) {
        inCache(id, "copy " + source + " to " + name + " in cache " + id, () -> {
            if (Files.notExists(source)) {
                throw new IllegalArgumentException(
                        "The file " + source + ", to be copied to " + name + " in cache " + id + ", is not there");
            }
            if (Files.isDirectory(source)) {
                throw new IllegalArgumentException(source + " is a directory, not a file");
            }
            Path draft = newDraft();
            try {
                Files.copy(source, draft);
                stillOpen.run();
                files(id).publish(draft, name);
            } finally {
                Files.deleteIfExists(draft);
            }
            return true;
        });
    }

    @Override
    public CacheUsage usage(CacheId id) {
        return inCache(id, "count the files of cache " + id, () -> files(id).usage());
    }

    @Override
    public StorageStatus status() {
        boolean inUse = workspace != null;
        return Disk.call("look at the cache root " + layout.base(), () -> {
            root.check(inUse);
            FileStore disk = Files.getFileStore(RootChecks.nearestExisting(layout.caches()));
            return new StorageStatus(name(), URI.create(locations), inUse, disk.getUsableSpace(), disk.getTotalSpace());
        });
    }

    @Override
    public long changes(CacheId id) {
        return inCache(id, "look at the files of cache " + id, () -> files(id).changes());
    }

    @Override
    public void close() {
        Disk.run("close " + layout.base(), () -> {
            Folder own = workspace;
            try (TreeDeleter trashed = deleter;
                    Folder first = caches;
                    Folder second = trash) {
                caches = new NamedFolder(layout.caches());
                trash = new NamedFolder(layout.trash());
                workspace = null;
                if (own != null) {
                    own.close();
                }
            }
        });
    }

    private CacheFiles files(CacheId id) {
        return new CacheFiles(layout.cache(id));
    }

    /** The folder of this owner, on the same file system as the caches. */
    Folder workspace() {
        Folder own = workspace;
        if (own == null) {
            throw new IllegalStateException("Nothing can be written, because no owner works on " + layout.base());
        }
        return own;
    }

    /** A name for something new. */
    private Path newDraft() {
        return workspace().path().resolve(String.valueOf(drafts.incrementAndGet()));
    }

    private <T> T inCache(CacheId id, String attempt, Disk.Action<T> action) {
        try {
            return action.run();
        } catch (NoSuchFileException missing) {
            if (!isThere(id)) {
                throw new CacheNotFoundException(id);
            }
            throw Disk.failure(attempt, missing);
        } catch (IOException failure) {
            throw Disk.failure(attempt, failure);
        }
    }
}
