// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.StorageStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.core.io.WritableResource;

/** The part of a storage that a registry drives, over a bucket: the data of a cache are one {@code meta.json}. */
final class DataInBucket implements DirectoryStorage {

    private final S3Objects bucket;
    private final StateChain states;
    private final StateCaches metadata;
    private final ConditionalWriteProbe probe;

    DataInBucket(S3Objects bucket, StateChain states) {
        this.bucket = bucket;
        this.states = states;
        this.metadata = new StateCaches(bucket, states);
        this.probe = new ConditionalWriteProbe(bucket);
    }

    S3ReferenceRegistry registry(S3RegistrySettings settings, Clock clock, OwnClock elapsed) {
        return new S3ReferenceRegistry(bucket, settings, states, this, this::deleteData, clock, elapsed);
    }

    StateCaches metadata() {
        return metadata;
    }

    private void deleteData(CacheId id) {
        long unused = bucket.deleteAll(folder(id));
    }

    private static String folder(CacheId id) {
        return S3Keys.CACHES + id + "/";
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public URI location(CacheId id) {
        return URI.create("memory:" + id);
    }

    @Override
    public boolean start() {
        return !bucket.list("", null).objects().isEmpty();
    }

    @Override
    public String root() {
        return "memory";
    }

    @Override
    public String openRoot() {
        probe.requireConditionalWrites();
        return "memory";
    }

    @Override
    public boolean isIntact() {
        return true;
    }

    @Override
    public void open(String owner) {}

    @Override
    public String prepare() {
        return "";
    }

    @Override
    public void fill(String prepared, CacheId id, Map<String, Object> initial) {
        bucket.put(folder(id) + "meta.json", MetadataJson.write(initial));
    }

    /** What is filled is visible. */
    @Override
    public void publish(String prepared, CacheId id) {}

    @Override
    public void discard(String prepared) {}

    @Override
    public List<String> preparers() {
        return List.of();
    }

    @Override
    public void removePrepared(String owner) {}

    @Override
    public boolean isThere(CacheId id) {
        return !bucket.list(folder(id), null).objects().isEmpty();
    }

    @Override
    public Look look(CacheId id, Instant now) {
        return isThere(id) ? Look.FREE : Look.GONE;
    }

    @Override
    public Trash trash(CacheId id) {
        return () -> deleteData(id);
    }

    @Override
    public int purge() {
        return 0;
    }

    @Override
    public Stream<CacheId> list() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> metadata(CacheId id) {
        return metadata.read(id);
    }

    @Override
    public Path path(CacheId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CacheId idOf(URI location) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean mark(CacheId id, String wiper) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isMarked(CacheId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unmark(CacheId id, String wiper) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unmark(CacheId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void updateMetadata(CacheId id, UnaryOperator<Map<String, Object>> change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WritableResource resource(CacheId id, RelativeName name, Runnable stillOpen) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stream<String> resources(CacheId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean exists(CacheId id, RelativeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(CacheId id, RelativeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path download(CacheId id, RelativeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void upload(CacheId id, Path source, RelativeName name, Runnable stillOpen) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CacheUsage usage(CacheId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long changes(CacheId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
