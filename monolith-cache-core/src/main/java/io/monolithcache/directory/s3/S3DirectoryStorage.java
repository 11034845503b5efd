// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.StorageStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.io.Resource;
import org.springframework.core.io.WritableResource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Cache directories in a bucket; {@link S3Layout} shows the keys. A cache is there when its metadata are, so it appears
 * and vanishes by one PUT each, and data without metadata are what is left of one:
 *
 * <pre>
 * publish  PUT the metadata if absent; PUT caches/&lt;id&gt;/meta.json, for people
 * look     LIST metadata/&lt;id&gt;/; GET the highest version, unless it is known
 * mark     look; PUT metadata/&lt;id&gt;/.wiping-&lt;wiper&gt;
 * trash    look; PUT trash/&lt;id&gt;; PUT the next version if absent, which says removed
 * Trash.delete   LIST, DELETE the data in batches of 1,000; DELETE version 1, then the rest; DELETE trash/&lt;id&gt;
 * purge    LIST trash/: what is gone is deleted to the end;
 *          now and then LIST caches/, sums/, uploads, and after that metadata/: what has no metadata is deleted
 * </pre>
 *
 * <p>{@link S3Caches} may also be a registry, which keeps the metadata with the references, and says what there is. A
 * file is one object; it is written under its own name, because a PUT and the end of an upload in parts are atomic.
 */
final class S3DirectoryStorage implements DirectoryStorage {

    private static final Logger log = LoggerFactory.getLogger(S3DirectoryStorage.class);

    private static final Duration BETWEEN_FULL_PURGES = Duration.ofHours(1);

    private final S3Objects objects;
    private final S3Root root;
    private final S3Caches caches;
    private final S3Files files;
    private final S3Purge purge;
    private final S3Upload uploads;
    private final S3Download downloads;
    private final LocalCopies copies;
    private final Transfers transfers;
    private final int mostInMemory;

    private final AtomicLong drafts = new AtomicLong();
    private final Map<String, Map<String, Object>> prepared = new ConcurrentHashMap<>();
    private volatile @Nullable String owner;
    private volatile @Nullable Long lastFullPurge;
    private volatile boolean stuck;

    /**
     * @param scratch asked for a local folder when one is first needed: for copies that are read, and for large parts
     *     on their way. What this storage puts there is deleted when it is closed; what it leaves when its process is
     *     killed is for whoever gives the folder
     */
    S3DirectoryStorage(
            S3Objects objects, S3Root root, S3Caches caches, S3TransferSettings settings, Supplier<Path> scratch) {
        this.objects = objects;
        this.root = root;
        this.caches = caches;
        this.files = new S3Files(objects);
        this.purge = new S3Purge(objects, files, caches);
        this.transfers = new Transfers(settings.connections());
        this.uploads = new S3Upload(objects, transfers, settings);
        this.downloads = new S3Download(objects, transfers, settings);
        this.copies = new LocalCopies(scratch);
        this.mostInMemory = settings.partSize();
    }

    @Override
    public String name() {
        return S3Storage.NAME;
    }

    @Override
    public URI location(CacheId id) {
        return objects.place().uri(S3Layout.cache(id));
    }

    @Override
    public Path path(CacheId id) {
        throw new UnsupportedOperationException("Cache " + id + " is in S3, at " + location(id)
                + ", and no folder: work with resource(), upload() and download()");
    }

    @Override
    public CacheId idOf(URI location) {
        String caches = "/" + objects.place().prefix() + S3Layout.CACHES;
        String path = location.getPath();
        if ("s3".equals(location.getScheme())
                && objects.bucket().equals(location.getAuthority())
                && path != null
                && path.startsWith(caches)) {
            String name = path.substring(caches.length());
            String id = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
            if (CacheId.isValid(id)) {
                return CacheId.of(id);
            }
        }
        throw new IllegalArgumentException(location + " is not a cache directory of this manager, which keeps them in "
                + objects.place() + S3Layout.CACHES);
    }

    @Override
    public boolean start() {
        root.announce();
        return false;
    }

    @Override
    public @Nullable String root() {
        return root.id();
    }

    @Override
    public String openRoot() {
        return root.open();
    }

    @Override
    public boolean isIntact() {
        return root.isIntact();
    }

    @Override
    public void open(String name) {
        owner = name;
    }

    private String owner() {
        String known = owner;
        if (known == null) {
            throw new IllegalStateException("Nothing can be written, because no owner works on " + objects.place());
        }
        return known;
    }

    /** Nothing is there before it is published, so nothing is written either. */
    @Override
    public String prepare() {
        String name = owner() + "/" + drafts.incrementAndGet();
        prepared.put(name, Map.of());
        return name;
    }

    @Override
    public void fill(String name, CacheId id, Map<String, Object> values) {
        try {
            prepared.put(name, MetadataJson.normalize(values));
        } catch (IllegalArgumentException refused) {
            discard(name);
            throw refused;
        }
    }

    @Override
    public void publish(String name, CacheId id) {
        Map<String, Object> values = prepared.remove(name);
        if (values == null) {
            throw new CacheBackendException(
                    "Could not create cache " + id + " in " + objects.place() + ": nothing is prepared for it", null);
        }
        caches.create(id, values);
        writeCopy(id, values);
    }

    /** What fails here is told and no more, because nobody reads the copy but people. */
    private void writeCopy(CacheId id, Map<String, Object> values) {
        try {
            objects.put(S3Layout.copy(id), MetadataJson.write(values));
        } catch (CacheBackendException failure) {
            log.warn("The readable copy of the metadata of cache {} could not be written", id, failure);
        }
    }

    @Override
    public void discard(String name) {
        prepared.remove(name);
    }

    @Override
    public List<String> preparers() {
        try (Stream<String> folders = objects.folders(S3Layout.PREPARED)) {
            return folders.map(folder -> folder.substring(S3Layout.PREPARED.length(), folder.length() - 1))
                    .toList();
        }
    }

    @Override
    public void removePrepared(String name) {
        List<String> notes;
        try (Stream<S3Objects.Listed> noted = objects.all(S3Layout.prepared(name))) {
            notes = noted.map(S3Objects.Listed::key).toList();
        }
        notes.forEach(note -> MultipartUpload.abortNoted(objects, note));
    }

    @Override
    public boolean isThere(CacheId id) {
        return caches.look(id, Instant.EPOCH) != Look.GONE;
    }

    private void requireThere(CacheId id) {
        if (!isThere(id)) {
            throw new CacheNotFoundException(id);
        }
    }

    @Override
    public Look look(CacheId id, Instant now) {
        return caches.look(id, now);
    }

    @Override
    public boolean mark(CacheId id, String wiper) {
        return caches.mark(id, wiper);
    }

    @Override
    public boolean isMarked(CacheId id) {
        return look(id).isMarked();
    }

    @Override
    public void unmark(CacheId id, String wiper) {
        caches.unmark(id, wiper);
    }

    @Override
    public void unmark(CacheId id) {
        caches.unmark(id);
    }

    @Override
    public @Nullable Trash trash(CacheId id) {
        return caches.remove(id) ? () -> delete(id) : null;
    }

    /**
     * Deletes all that a cache has, here and there.
     *
     * @throws CacheBackendException if something is left
     */
    void deleteData(CacheId id) {
        copies.letGo(id);
        files.deleteAll(id);
    }

    /** What cannot be deleted now is left to the next sweep. */
    private void delete(CacheId id) {
        copies.letGo(id);
        try {
            purge.delete(id);
        } catch (CacheBackendException failure) {
            log.warn("What is left of cache {} could not be deleted; the next sweep tries again", id, failure);
        }
    }

    /** What keeps the one look from its end does not keep the other from being made. */
    @Override
    public int purge() {
        List<CacheBackendException> failures = new ArrayList<>();
        int finished = attempt(purge::vanished, failures);
        Long last = lastFullPurge;
        long now = System.nanoTime();
        if (last == null || now - last > BETWEEN_FULL_PURGES.toNanos()) {
            lastFullPurge = now;
            finished += attempt(purge::everything, failures);
        }
        failures.forEach(failure -> log.atLevel(stuck ? Level.DEBUG : Level.WARN)
                .setCause(failure)
                .log("Something in {} cannot be deleted; every sweep tries again", objects.place()));
        stuck = !failures.isEmpty();
        return stuck ? 0 : finished;
    }

    private static int attempt(IntSupplier purge, List<CacheBackendException> failures) {
        try {
            return purge.getAsInt();
        } catch (CacheBackendException failure) {
            failures.add(failure);
            return 0;
        }
    }

    @Override
    public Stream<CacheId> list() {
        return caches.list(null);
    }

    @Override
    public Map<String, Object> metadata(CacheId id) {
        return caches.read(id);
    }

    @Override
    public void updateMetadata(CacheId id, UnaryOperator<Map<String, Object>> change) {
        writeCopy(id, caches.update(id, change));
    }

    @Override
    public WritableResource resource(CacheId id, RelativeName name, Runnable stillOpen) {
        return new S3Resource(new FileOfACache(id, name, stillOpen));
    }

    @Override
    public Stream<String> resources(CacheId id) {
        requireThere(id);
        return files.names(id);
    }

    @Override
    public boolean exists(CacheId id, RelativeName name) {
        return head(id, name) != null;
    }

    /** Null if there is no such file, or no such cache any more: then its files are about to go. */
    private @Nullable HeadObjectResponse head(CacheId id, RelativeName name) {
        HeadObjectResponse head = files.head(files.key(id, name));
        return head != null && isThere(id) ? head : null;
    }

    @Override
    public void delete(CacheId id, RelativeName name) {
        objects.delete(files.key(id, name));
    }

    @Override
    public Path download(CacheId id, RelativeName name) {
        String key = files.key(id, name);
        try {
            return copies.get(id, name, (target, known) -> downloads.fetch(id, key, target, known));
        } catch (FileNotFoundException missing) {
            requireThere(id);
            throw new CacheBackendException(
                    "There is no file '" + name + "' in cache " + id + "; exists() and resources() tell what is there",
                    missing);
        } catch (IOException failure) {
            throw new CacheBackendException(
                    "Could not copy '" + name + "' of cache " + id + " to this machine. " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void upload(CacheId id, Path source, RelativeName name, Runnable stillOpen) {
        if (Files.notExists(source)) {
            throw new IllegalArgumentException(
                    "The file " + source + ", to be copied to " + name + " in cache " + id + ", is not there");
        }
        if (Files.isDirectory(source)) {
            throw new IllegalArgumentException(source + " is a directory, not a file");
        }
        try {
            target(id, name, stillOpen).copy(source);
        } catch (IOException failure) {
            throw new CacheBackendException(
                    "Could not copy " + source + " to " + name + " in cache " + id + ". " + failure.getMessage(),
                    failure);
        }
    }

    private S3Upload.Target target(CacheId id, RelativeName name, Runnable stillOpen) {
        return uploads.target(id, files.key(id, name), owner(), () -> {
            stillOpen.run();
            requireThere(id);
        });
    }

    @Override
    public CacheUsage usage(CacheId id) {
        requireThere(id);
        return files.usage(id);
    }

    @Override
    public StorageStatus status() {
        S3RootFormat unused = root.read();
        return new StorageStatus(S3Storage.NAME, objects.place().uri(S3Layout.CACHES), owner != null, null, null);
    }

    @Override
    public long changes(CacheId id) {
        requireThere(id);
        return files.changes(id);
    }

    @Override
    public void letGo(CacheId id) {
        copies.letGo(id);
    }

    @Override
    public void close() {
        owner = null;
        transfers.close();
        copies.close();
    }

    /** One file, as a resource sees it. */
    private final class FileOfACache implements S3Resource.File {

        private final CacheId id;
        private final RelativeName name;
        private final Runnable stillOpen;
        private final String key;

        FileOfACache(CacheId id, RelativeName name, Runnable stillOpen) {
            this.id = id;
            this.name = name;
            this.stillOpen = stillOpen;
            this.key = files.key(id, name);
        }

        @Override
        public URI location() {
            return objects.place().uri(key);
        }

        @Override
        public @Nullable HeadObjectResponse head() {
            return S3DirectoryStorage.this.head(id, name);
        }

        @Override
        public InputStream read() throws IOException {
            stillOpen.run();
            return new ObjectStream(objects, id, key);
        }

        @Override
        public OutputStream write() {
            stillOpen.run();
            return new UploadStream(target(id, name, stillOpen), new PartBuffer(mostInMemory, copies::draft));
        }

        @Override
        public Resource relative(String path) {
            String folder = name.value().substring(0, name.value().lastIndexOf('/') + 1);
            return resource(id, new RelativeName(folder + path), stillOpen);
        }
    }
}
