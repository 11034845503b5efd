// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A file on its way in parts, of which nothing is seen before the end. An object in {@code prepared/<owner>/} tells of
 * it meanwhile, so that it is given up when its owner dies.
 */
final class MultipartUpload {

    private static final Logger log = LoggerFactory.getLogger(MultipartUpload.class);

    private final S3Objects objects;
    private final String key;
    private final Map<String, String> metadata;
    private final String id;
    private final String note;
    private final NavigableMap<Integer, CompletedPart> parts = new ConcurrentSkipListMap<>();

    private MultipartUpload(S3Objects objects, String key, Map<String, String> metadata, String id, String note) {
        this.objects = objects;
        this.key = key;
        this.metadata = metadata;
        this.id = id;
        this.note = note;
    }

    static MultipartUpload begin(S3Objects objects, String owner, String key, Map<String, String> metadata)
            throws IOException {
        String note = S3Layout.prepared(owner) + UUID.randomUUID();
        String id = io(
                objects,
                "begin to write " + key,
                () -> objects.client()
                        .createMultipartUpload(request -> request.bucket(objects.bucket())
                                .key(objects.full(key))
                                .metadata(metadata)
                                .overrideConfiguration(objects::again))
                        .uploadId());
        MultipartUpload upload = new MultipartUpload(objects, key, metadata, id, note);
        try {
            objects.put(note, (id + "\n" + key).getBytes(StandardCharsets.UTF_8));
        } catch (CacheBackendException failure) {
            upload.abort(failure);
            throw new IOException(failure.getMessage(), failure);
        }
        return upload;
    }

    @FunctionalInterface
    private interface Request<T> {
        T send();
    }

    private static <T> T io(S3Objects objects, String attempt, Request<T> request) throws IOException {
        try {
            return request.send();
        } catch (SdkException failure) {
            throw new IOException(objects.failures().message(attempt, failure), failure);
        }
    }

    /** Sends a part; may be called by several threads for different ones. */
    void part(int number, long size, RequestBody body) throws IOException {
        String etag = io(
                objects,
                "write part " + number + " of " + key,
                () -> objects.client()
                        .uploadPart(
                                request -> request.bucket(objects.bucket())
                                        .key(objects.full(key))
                                        .uploadId(id)
                                        .partNumber(number)
                                        .contentLength(size)
                                        .overrideConfiguration(override -> objects.again(override, size)),
                                body)
                        .eTag());
        parts.put(number, CompletedPart.builder().partNumber(number).eTag(etag).build());
    }

    /** Makes the file appear. */
    void complete() throws IOException {
        List<CompletedPart> all = List.copyOf(parts.values());
        try {
            var unused = objects.client()
                    .completeMultipartUpload(request -> request.bucket(objects.bucket())
                            .key(objects.full(key))
                            .uploadId(id)
                            .multipartUpload(upload -> upload.parts(all))
                            .overrideConfiguration(objects::again));
        } catch (SdkException failure) {
            if (!isThere()) {
                throw new IOException(objects.failures().message("finish " + key, failure), failure);
            }
        }
        forget();
    }

    /** Whether it appeared although that was not answered, or was answered when it was asked again. */
    private boolean isThere() {
        try {
            return StoredChecksums.isSameWrite(
                    metadata,
                    objects.client()
                            .headObject(request -> request.bucket(objects.bucket())
                                    .key(objects.full(key))
                                    .overrideConfiguration(objects::again))
                            .metadata());
        } catch (SdkException unknown) {
            return false;
        }
    }

    /** Gives it up, after a failure; what fails then comes with it, and is left to the sweep. */
    void abort(Exception failure) {
        try {
            abort(objects, key, id);
            forget();
        } catch (SdkException another) {
            failure.addSuppressed(another);
        }
    }

    private static void abort(S3Objects objects, String key, String id) {
        try {
            var unused = objects.client()
                    .abortMultipartUpload(request -> request.bucket(objects.bucket())
                            .key(objects.full(key))
                            .uploadId(id)
                            .overrideConfiguration(objects::again));
        } catch (SdkException failure) {
            if (!S3Failures.isMissing(failure)) {
                throw failure;
            }
        }
    }

    private void forget() {
        try {
            objects.delete(note);
        } catch (CacheBackendException failure) {
            log.debug("The note of an upload that has ended is left to the sweep", failure);
        }
    }

    /** Gives up what a note tells of. */
    static void abortNoted(S3Objects objects, String note) {
        S3Objects.Found found = objects.get(note);
        String[] lines =
                found == null ? new String[0] : new String(found.content(), StandardCharsets.UTF_8).split("\n", 2);
        if (lines.length == 2) {
            abortNow(objects, lines[1], lines[0]);
        }
        objects.delete(note);
    }

    static void abortNow(S3Objects objects, String key, String id) {
        try {
            abort(objects, key, id);
        } catch (SdkException failure) {
            throw objects.failures().of("give up the upload of " + key, failure);
        }
    }
}
