// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/** A value that is read from its file when it is asked for; the file stays what it is, also after it was removed. */
final class OpenValue implements Entry {

    private final ValueFormat.Trailer trailer;
    private final FileChannel file;

    OpenValue(ValueFormat.Trailer trailer, FileChannel file) {
        this.trailer = trailer;
        this.file = file;
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
        return trailer.length();
    }

    @Override
    public byte[] bytes() {
        if (length() > Integer.MAX_VALUE - Long.BYTES) {
            throw new StoreException(
                    "'" + key() + "' has " + length() + " bytes, more than an array can have. Read it as a stream",
                    null);
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length());
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, bytes.position()) < 0) {
                    throw new EOFException("It became shorter while it was read");
                }
            }
        } catch (IOException failure) {
            throw new StoreException("Could not read '" + key() + "': " + failure.getMessage(), failure);
        }
        return bytes.array();
    }

    @Override
    public InputStream open() {
        return new BufferedInputStream(new Content());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException unimportant) {
            // it was only read
        }
    }

    private final class Content extends InputStream {

        private long position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            int unused = Objects.checkFromIndexSize(offset, count, target.length);
            int most = (int) Math.min(count, length() - position);
            if (count == 0 || most <= 0) {
                return count == 0 ? 0 : -1;
            }
            int read = file.read(ByteBuffer.wrap(target, offset, most), position);
            if (read < 0) {
                throw new EOFException("'" + key() + "' became shorter while it was read");
            }
            position += read;
            return read;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, length() - position);
        }
    }
}
