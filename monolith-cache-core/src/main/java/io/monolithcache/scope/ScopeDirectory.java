// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.core.io.WritableResource;

/** A directory that ends with its scope, and not by {@link #close()}. */
record ScopeDirectory(Supplier<CacheDirectory> directory, String name) implements CacheDirectory {

    @Override
    public CacheId id() {
        return directory.get().id();
    }

    @Override
    public URI location() {
        return directory.get().location();
    }

    @Override
    public Path path() {
        return directory.get().path();
    }

    @Override
    public WritableResource resource(String relativePath) {
        return directory.get().resource(relativePath);
    }

    @Override
    public Stream<String> resources() {
        return directory.get().resources();
    }

    @Override
    public boolean exists(String relativePath) {
        return directory.get().exists(relativePath);
    }

    @Override
    public void delete(String relativePath) {
        directory.get().delete(relativePath);
    }

    @Override
    public Path download(String relativePath) {
        return directory.get().download(relativePath);
    }

    @Override
    public void upload(Path source, String relativePath) {
        directory.get().upload(source, relativePath);
    }

    @Override
    public Map<String, Object> metadata() {
        return directory.get().metadata();
    }

    @Override
    public void putMetadata(String key, Object value) {
        directory.get().putMetadata(key, value);
    }

    @Override
    public void removeMetadata(String key) {
        directory.get().removeMetadata(key);
    }

    @Override
    public void lock() {
        directory.get().lock();
    }

    @Override
    public void lock(Duration atMost) {
        directory.get().lock(atMost);
    }

    @Override
    public void unlock() {
        directory.get().unlock();
    }

    @Override
    public boolean isLocked() {
        return directory.get().isLocked();
    }

    /** Does nothing: whoever works in a directory that was lent may use it in a try statement, as any other. */
    @Override
    public void close() {}

    /** Makes no directory: it may be logged anywhere. */
    @Override
    public String toString() {
        return name;
    }
}
