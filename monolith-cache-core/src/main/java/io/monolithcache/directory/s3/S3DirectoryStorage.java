// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.StorageStatus;
import java.net.URI;
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
import org.springframework.core.io.WritableResource;

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
    private final S3Purge purge;
    private final S3CacheFiles cacheFiles;

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
        this.purge = new S3Purge(objects, new S3Files(objects), caches);
        this.cacheFiles = new S3CacheFiles(objects, settings, scratch, this::isThere, this::owner);
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
        cacheFiles.letGo(id);
        cacheFiles.deleteAll(id);
    }

    /** What cannot be deleted now is left to the next sweep. */
    private void delete(CacheId id) {
        cacheFiles.letGo(id);
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
        return cacheFiles.resource(id, name, stillOpen);
    }

    @Override
    public Stream<String> resources(CacheId id) {
        return cacheFiles.names(id);
    }

    @Override
    public boolean exists(CacheId id, RelativeName name) {
        return cacheFiles.exists(id, name);
    }

    @Override
    public void delete(CacheId id, RelativeName name) {
        cacheFiles.delete(id, name);
    }

    @Override
    public Path download(CacheId id, RelativeName name) {
        return cacheFiles.download(id, name);
    }

    @Override
    public void upload(CacheId id, Path source, RelativeName name, Runnable stillOpen) {
        cacheFiles.upload(id, source, name, stillOpen);
    }

    @Override
    public CacheUsage usage(CacheId id) {
        return cacheFiles.usage(id);
    }

    @Override
    public StorageStatus status() {
        S3RootFormat unused = root.read();
        return new StorageStatus(S3Storage.NAME, objects.place().uri(S3Layout.CACHES), owner != null, null, null);
    }

    @Override
    public long changes(CacheId id) {
        return cacheFiles.changes(id);
    }

    @Override
    public void letGo(CacheId id) {
        cacheFiles.letGo(id);
    }

    @Override
    public void close() {
        owner = null;
        cacheFiles.close();
    }
}
