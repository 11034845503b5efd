// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads an object from its begin to its end; after an interruption it goes on where it was, of that very version.
 * Whoever reads to the end learns there, by an exception, if that is not what was written.
 */
final class ObjectStream extends InputStream {

    private static final Logger log = LoggerFactory.getLogger(ObjectStream.class);

    private static final int RESUMPTIONS = 4;

    private final S3Objects objects;
    private final CacheId id;
    private final String key;
    private final MessageDigest digest = Checksum.begin();
    private final GetObjectResponse first;
    private ResponseInputStream<GetObjectResponse> body;
    private long position;
    /** Since the last byte that came. */
    private int resumptions;

    private boolean verified;
    private @Nullable Corrupt corrupt;
    private boolean closed;

    /** @throws FileNotFoundException if there is no such object */
    ObjectStream(S3Objects objects, CacheId id, String key) throws IOException {
        this.objects = objects;
        this.id = id;
        this.key = key;
        this.body = open(objects, key, 0, null);
        this.first = body.response();
    }

    private static ResponseInputStream<GetObjectResponse> open(
            S3Objects objects, String key, long from, @Nullable String etag) throws IOException {
        try {
            return objects.client()
                    .getObject(request -> request.bucket(objects.bucket())
                            .key(objects.full(key))
                            .range(from == 0 ? null : "bytes=" + from + "-")
                            .ifMatch(etag)
                            .overrideConfiguration(objects::again));
        } catch (SdkException failure) {
            if (S3Failures.isMissing(failure)) {
                throw new FileNotFoundException("There is no " + key + " in " + objects.place());
            }
            if (S3Failures.isRefused(failure)) {
                throw new IOException(key + " was replaced by others while it was read, and the connection broke;"
                        + " read it again");
            }
            throw objects.failures().inStream("read " + key, failure);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("The stream from " + key + " is closed");
        }
        if (corrupt != null) {
            throw corrupt;
        }
        while (true) {
            IOException broken;
            try {
                int count = body.read(bytes, offset, length);
                if (count >= 0) {
                    digest.update(bytes, offset, count);
                    position += count;
                    resumptions = 0;
                    return count;
                }
                if (position >= first.contentLength()) {
                    verify();
                    return -1;
                }
                broken = new EOFException("The store sent " + position + " of " + first.contentLength() + " bytes");
            } catch (SdkException failure) {
                broken = objects.failures().inStream("read " + key, failure);
            } catch (Corrupt wrong) {
                corrupt = wrong;
                throw wrong;
            } catch (IOException failure) {
                broken = failure;
            }
            resume(broken);
        }
    }

    private void resume(IOException broken) throws IOException {
        body.abort();
        if (verified || ++resumptions > RESUMPTIONS) {
            throw broken;
        }
        log.debug("{} is read on from byte {}", key, position, broken);
        body = open(objects, key, position, first.eTag());
        String range = body.response().contentRange();
        if (position > 0 && (range == null || !range.startsWith("bytes " + position + "-"))) {
            body.abort();
            throw new IOException("The store sends another part of " + key + " than was asked for: " + range);
        }
    }

    private static final class Corrupt extends IOException {

        private static final long serialVersionUID = 1L;

        Corrupt(String message) {
            super(message);
        }
    }

    private void verify() throws IOException {
        if (verified) {
            return;
        }
        verified = true;
        String expected;
        try {
            expected = new StoredChecksums(objects).find(id, first.metadata());
        } catch (CacheException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (expected != null && !expected.equals(Checksum.end(digest))) {
            throw new Corrupt("What S3 sent of " + key
                    + " does not have the checksum with which it was written, and must not be used");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            // what is left need not be read
            body.abort();
        }
    }
}
