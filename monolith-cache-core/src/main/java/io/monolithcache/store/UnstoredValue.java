// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Set;

/** What was loaded and could not be stored, as it came from its loader. */
final class UnstoredValue implements Entry {

    private final String key;
    private final Set<String> tags;
    private final Instant createdAt;
    private final Content content;

    UnstoredValue(String key, Set<String> tags, Instant createdAt, Content content) {
        this.key = key;
        this.tags = Set.copyOf(tags);
        this.createdAt = createdAt;
        this.content = content;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Set<String> tags() {
        return tags;
    }

    @Override
    public Instant createdAt() {
        return createdAt;
    }

    @Override
    public long length() {
        try (InputStream in = content.open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    @Override
    public byte[] bytes() {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    private StoreException failed(IOException failure) {
        return new StoreException("Could not read what was loaded as '" + key + "': " + failure.getMessage(), failure);
    }

    @Override
    public InputStream open() throws IOException {
        return content.open();
    }

    @Override
    public void close() {}
}
