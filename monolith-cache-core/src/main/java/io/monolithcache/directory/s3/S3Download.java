// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Brings files from S3 into local ones. The first request brings the first part, and tells how many there are; the
 * others follow several at a time, of that very version only, and each is written to its place. The whole is compared
 * with the checksum that it was written with.
 */
final class S3Download {

    private static final Logger log = LoggerFactory.getLogger(S3Download.class);

    private static final int ATTEMPTS = 4;
    private static final int BUFFER = 64 * 1024;

    private final S3Objects objects;
    private final Transfers transfers;
    private final S3TransferSettings settings;
    private final StoredChecksums checksums;

    S3Download(S3Objects objects, Transfers transfers, S3TransferSettings settings) {
        this.objects = objects;
        this.transfers = transfers;
        this.settings = settings;
        this.checksums = new StoredChecksums(objects);
    }

    /** The object was replaced while it was read. */
    private static final class Replaced extends IOException {

        private static final long serialVersionUID = 1L;

        Replaced(String key) {
            super(key + " was replaced by others each time that it was read; try again");
        }
    }

    /** What came is not what was written. */
    private static final class Corrupt extends IOException {

        private static final long serialVersionUID = 1L;

        Corrupt(String key) {
            super("What S3 sends of " + key + " does not have the checksum with which it was written. Write it again");
        }
    }

    /** @param isWhole whether the first request brought all of it */
    private record Head(long length, String etag, Map<String, String> metadata, boolean isWhole) {}

    /**
     * Copies an object into a local file.
     *
     * @param target is created, or replaced
     * @param known the version that need not be copied; null if there is none
     * @return the version that was copied; null if it is the one that is known
     * @throws FileNotFoundException if there is no such object
     */
    @Nullable String fetch(CacheId id, String key, Path target, @Nullable String known) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.write(target, new byte[0]);
                Head head = first(key, target, known);
                if (head == null) {
                    return null;
                }
                rest(key, target, head);
                verify(id, key, target, head);
                return head.etag();
            } catch (Replaced | Corrupt again) {
                if (attempt == ATTEMPTS) {
                    throw again;
                }
                log.debug("{} is read again", key, again);
            }
        }
    }

    private void verify(CacheId id, String key, Path target, Head head) throws IOException {
        String expected = checksums.find(id, head.metadata());
        if (expected != null && !expected.equals(Checksum.of(target))) {
            throw new Corrupt(key);
        }
    }

    /** The first part, which may be all; null if this is the version that is known. */
    private @Nullable Head first(String key, Path target, @Nullable String known) throws IOException {
        Range range = new Range(key, target, 0, settings.partSize(), null);
        try {
            GetObjectResponse response = range.read(request -> request.ifNoneMatch(known));
            long length = total(response);
            settings.progress().tell(objects.place() + key, Math.min(length, settings.partSize()), length);
            return new Head(length, response.eTag(), response.metadata(), response.contentRange() == null);
        } catch (SdkException failure) {
            if (S3Failures.isUnchanged(failure)) {
                return null;
            }
            if (S3Failures.isBeyondTheEnd(failure)) {
                return empty(key);
            }
            if (S3Failures.isRefused(failure)) {
                throw new Replaced(key);
            }
            throw range.described(failure);
        }
    }

    /** An empty object has no range at all. */
    private Head empty(String key) throws IOException {
        try {
            GetObjectResponse response = objects.client()
                    .getObject(
                            request -> request.bucket(objects.bucket())
                                    .key(objects.full(key))
                                    .overrideConfiguration(objects::again),
                            (answer, body) -> answer);
            if (response.contentLength() != 0) {
                throw new Replaced(key);
            }
            return new Head(0, response.eTag(), response.metadata(), true);
        } catch (SdkException failure) {
            throw new IOException(objects.failures().message("read " + key, failure), failure);
        }
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

    /** How many bytes {@code bytes 0-9/100} are. */
    private static long span(String range) throws IOException {
        try {
            int dash = range.indexOf('-');
            long last = Long.parseLong(range.substring(dash + 1, range.indexOf('/')));
            return last - Long.parseLong(range.substring("bytes ".length(), dash)) + 1;
        } catch (NumberFormatException | StringIndexOutOfBoundsException unknown) {
            throw new IOException("The store tells no range: " + range, unknown);
        }
    }

    private void rest(String key, Path target, Head head) throws IOException {
        long partSize = settings.partSize();
        int parts = PartSizes.count(head.length(), partSize);
        if (parts <= 1 || head.isWhole()) {
            return;
        }
        transfers.move(1, parts, part -> {
            long start = part * partSize;
            long size = Math.min(partSize, head.length() - start);
            Range range = new Range(key, target, start, size, head.etag());
            try {
                var unused = range.read(request -> {});
            } catch (SdkException failure) {
                throw S3Failures.isRefused(failure) || S3Failures.isBeyondTheEnd(failure)
                        ? new Replaced(key)
                        : range.described(failure);
            }
            settings.progress().tell(objects.place() + key, size, head.length());
        });
    }

    @FunctionalInterface
    private interface Refinement {
        void of(GetObjectRequest.Builder request);
    }

    /** A piece of an object on its way to its place; after an interruption it goes on where it was. */
    private final class Range {

        private final String key;
        private final Path target;
        private final long start;
        private final long size;
        private final @Nullable String etag;
        /** How much of it is there for certain. */
        private long done;
        /** Of this attempt. */
        private @Nullable GetObjectResponse answer;

        Range(String key, Path target, long start, long size, @Nullable String etag) {
            this.key = key;
            this.target = target;
            this.start = start;
            this.size = size;
            this.etag = etag;
        }

        /** What was answered first. */
        GetObjectResponse read(Refinement refinement) {
            GetObjectResponse first = null;
            for (int attempt = 1; ; attempt++) {
                answer = null;
                try {
                    GetObjectResponse whole = request(refinement, first);
                    return first == null ? whole : first;
                } catch (SdkException failure) {
                    GetObjectResponse begun = answer;
                    if (begun == null || attempt == ATTEMPTS || !S3Failures.isUnknown(failure)) {
                        throw failure;
                    }
                    log.debug("{} is read on from byte {}", key, start + done, failure);
                    first = first == null ? begun : first;
                }
            }
        }

        private GetObjectResponse request(Refinement refinement, @Nullable GetObjectResponse first) {
            // of the same version as before the interruption
            String match = first == null ? etag : first.eTag();
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
                                answer = response;
                                done = base;
                                copy(response, body, from);
                                return response;
                            });
        }

        private void copy(GetObjectResponse response, InputStream body, long from) throws IOException {
            boolean ranged = response.contentRange() != null;
            if (ranged ? !response.contentRange().startsWith("bytes " + from + "-") : from != 0) {
                throw new IOException("The store sends another range: " + response.contentRange());
            }
            byte[] buffer = new byte[BUFFER];
            long expected = ranged ? span(response.contentRange()) : response.contentLength();
            long copied = 0;
            // not a channel, which the client would close for others when it interrupts what takes too long
            try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
                file.seek(from);
                for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                    file.write(buffer, 0, count);
                    copied += count;
                    done += count;
                }
            }
            if (copied < expected) {
                throw new EOFException("The store sent " + copied + " of " + expected + " bytes");
            }
        }

        IOException described(SdkException failure) {
            return S3Failures.isMissing(failure)
                    ? new FileNotFoundException(key)
                    : new IOException(objects.failures().message("read " + key, failure), failure);
        }
    }
}
