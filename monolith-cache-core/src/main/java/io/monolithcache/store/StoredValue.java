// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;

/** A value in memory. */
final class StoredValue implements Entry {

    private final ValueFormat.Trailer trailer;
    private final byte[] content;
    private final boolean isShared;

    StoredValue(ValueFormat.Trailer trailer, byte[] content) {
        this(trailer, content, false);
    }

    private StoredValue(ValueFormat.Trailer trailer, byte[] content, boolean isShared) {
        this.trailer = trailer;
        this.content = content;
        this.isShared = isShared;
    }

    /** The same for several callers, of whom none gets the bytes themselves. */
    StoredValue shared() {
        return isShared ? this : new StoredValue(trailer, content, true);
    }

    @Override
    public String key() {
        return trailer.key();
    }

    @Override
    public Set<String> tags() {
        return trailer.tags();
    }

    @Override
    public Instant createdAt() {
        return Instant.ofEpochMilli(trailer.createdAt());
    }

    @Override
    public long length() {
        return content.length;
    }

    @Override
    public byte[] bytes() {
        return isShared ? content.clone() : content;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(content);
    }

    @Override
    public void close() {}
}
