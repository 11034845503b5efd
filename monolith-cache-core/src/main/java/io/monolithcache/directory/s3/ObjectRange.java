// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A piece of an object on its way to its place in a local file; after an interruption it goes on where it was. */
final class ObjectRange {

    private static final Logger log = LoggerFactory.getLogger(ObjectRange.class);

    private static final int ATTEMPTS = 4;

    private static final int BUFFER = 128 * 1024;

    private final S3Objects objects;
    private final String key;
    private final Path target;
    private final long start;
    private final long size;
    private final @Nullable String etag;
    private final BooleanSupplier isGivenUp;

    /** How much of it is there for certain. */
    private long done;

    /** The first answer of all, whose version the rest is to be of. */
    private @Nullable GetObjectResponse first;

    /** Whether this attempt was answered. */
    private boolean isAnswered;

    /**
     * @param size the most; there are fewer bytes if the object ends
     * @param etag of the version; null for any
     * @param isGivenUp whether nobody needs it any more; it is asked while it is read
     */
    ObjectRange(
            S3Objects objects,
            String key,
            Path target,
            long start,
            long size,
            @Nullable String etag,
            BooleanSupplier isGivenUp) {
        this.objects = objects;
        this.key = key;
        this.target = target;
        this.start = start;
        this.size = size;
        this.etag = etag;
        this.isGivenUp = isGivenUp;
    }

    String key() {
        return key;
    }

    /** Whether it was answered at all. */
    boolean isBegun() {
        return first != null;
    }

    @FunctionalInterface
    interface Refinement {
        void of(GetObjectRequest.Builder request);
    }

    @FunctionalInterface
    interface Begin {
        void with(GetObjectResponse answer) throws IOException;
    }

    /**
     * Reads it whole.
     *
     * @param begin is told the first answer, before what it carries is read
     * @return that answer
     */
    GetObjectResponse read(Refinement refinement, Begin begin) {
        for (int attempt = 1; ; attempt++) {
            isAnswered = false;
            try {
                return request(refinement, begin);
            } catch (SdkException failure) {
                if (!isAnswered || attempt == ATTEMPTS || isGivenUp.getAsBoolean() || !S3Failures.isUnknown(failure)) {
                    throw failure;
                }
                log.debug("{} is read on from byte {}", key, start + done, failure);
            }
        }
    }

    private GetObjectResponse request(Refinement refinement, Begin begin) {
        String match = version();
        long from = start + done;
        long base = done;
        return objects.client()
                .getObject(
                        request -> refinement.of(request.bucket(objects.bucket())
                                .key(objects.full(key))
                                .range("bytes=" + from + "-" + (start + size - 1))
                                .ifMatch(match)
                                .overrideConfiguration(override -> objects.again(override, size))),
                        (response, body) -> {
                            isAnswered = true;
                            String version = version();
                            if (version != null && !version.equals(response.eTag())) {
                                throw new IOException("The store sends another version than " + version);
                            }
                            long expected = expected(response, from);
                            GetObjectResponse answer = first;
                            if (answer == null) {
                                begin.with(response);
                                answer = response;
                                first = response;
                            } else if (isWhole(answer) != isWhole(response)) {
                                throw new IOException("The store knows ranges, and then does not");
                            }
                            // the client may have sent the same again by itself
                            done = base;
                            copy(body, from, expected);
                            return answer;
                        });
    }

    private @Nullable String version() {
        return first == null ? etag : first.eTag();
    }

    private void copy(InputStream body, long from, long expected) throws IOException {
        byte[] buffer = new byte[BUFFER];
        ByteBuffer bytes = ByteBuffer.wrap(buffer);
        long copied = 0;
        // of its own: the client closes it when it interrupts what takes too long
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                if (isGivenUp.getAsBoolean()) {
                    // of the kind that the client does not try again
                    throw SdkClientException.create("Given up");
                }
                if (copied + count > expected) {
                    throw new IOException("The store sent more than " + expected + " bytes");
                }
                bytes.clear().limit(count);
                while (bytes.hasRemaining()) {
                    copied += file.write(bytes, from + copied);
                }
                done += count;
            }
        }
        if (copied < expected) {
            throw new EOFException("The store sent " + copied + " of " + expected + " bytes");
        }
    }

    private static boolean isWhole(GetObjectResponse response) {
        return response.contentRange() == null;
    }

    /** All that was asked for; or, if the store knows no ranges, the whole object. */
    private long expected(GetObjectResponse response, long from) throws IOException {
        String range = response.contentRange();
        if (range == null ? from != 0 : !range.startsWith("bytes " + from + "-")) {
            throw new IOException("The store sends another range: " + range);
        }
        long length = total(response);
        return range == null ? length : Math.min(start + size, length) - from;
    }

    /** The length of the whole object. */
    static long total(GetObjectResponse response) throws IOException {
        String range = response.contentRange();
        if (range == null) {
            return response.contentLength();
        }
        try {
            return Long.parseLong(range.substring(range.indexOf('/') + 1));
        } catch (NumberFormatException unknown) {
            throw new IOException("The store tells no length: " + range, unknown);
        }
    }
}
