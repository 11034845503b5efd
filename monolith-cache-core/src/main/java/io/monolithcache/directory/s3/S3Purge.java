// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;

/**
 * Deletes what is left of caches that have vanished. A pass over the notes in {@code trash/} is one listing; a pass
 * over everything finds also what a paused writer wrote after the end, data without metadata above all: they are listed
 * before the metadata are looked at, since metadata are written before data.
 */
final class S3Purge {

    private final S3Objects objects;
    private final S3Files files;
    private final S3Caches caches;

    S3Purge(S3Objects objects, S3Files files, S3Caches caches) {
        this.objects = objects;
        this.files = files;
        this.caches = caches;
    }

    /** How many caches it finished. */
    int vanished() {
        Attempts attempts = new Attempts();
        caches.vanished().forEach(id -> attempts.run(() -> delete(id)));
        return attempts.end();
    }

    /** One cache that cannot be deleted does not keep the others from being. */
    private static final class Attempts {

        private int done;
        private @Nullable CacheBackendException failure;

        void run(Runnable step) {
            try {
                step.run();
                done++;
            } catch (CacheBackendException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }

        /** How many were done, if all were. */
        int end() {
            if (failure != null) {
                throw failure;
            }
            return done;
        }
    }

    /** Deletes the data of a cache, then what is left of its metadata. */
    void delete(CacheId id) {
        files.deleteAll(id);
        caches.forget(id);
    }

    /** How many caches that nobody knows had something left. */
    int everything() {
        Attempts attempts = new Attempts();
        if (!caches.looksForData()) {
            orphans(S3Layout.CACHES, attempts);
        }
        orphans(S3Layout.SUMS, attempts);
        return uploads() + caches.forgetRemains() + attempts.end();
    }

    private void orphans(String folder, Attempts attempts) {
        String after = null;
        while (true) {
            S3Objects.Page page = objects.listFolders(folder, after);
            List<CacheId> ids = page.folders().stream()
                    .map(name -> name.substring(folder.length(), name.length() - 1))
                    .filter(CacheId::isValid)
                    .map(CacheId::of)
                    .toList();
            Set<CacheId> known = known(ids);
            for (CacheId id : ids) {
                if (!known.contains(id) && caches.look(id, page.date()) == Look.GONE) {
                    attempts.run(() -> files.deleteAll(id));
                }
            }
            after = page.end();
            if (page.isLast() || after == null) {
                return;
            }
        }
    }

    /** Those of them that are there, seen by few listings for all of them. */
    private Set<CacheId> known(List<CacheId> ids) {
        if (ids.isEmpty()) {
            return Set.of();
        }
        CacheId last = ids.get(ids.size() - 1);
        try (Stream<CacheId> there = caches.list(ids.get(0))) {
            Set<CacheId> known = new HashSet<>();
            there.takeWhile(id -> id.compareTo(last) <= 0).forEach(known::add);
            return known;
        }
    }

    /** Uploads in parts to caches that are gone. */
    private int uploads() {
        int aborted = 0;
        String keyMarker = null;
        String idMarker = null;
        while (true) {
            String afterKey = keyMarker;
            String afterId = idMarker;
            ListMultipartUploadsResponse page = objects.call(
                    "list uploads",
                    s3 -> s3.listMultipartUploads(request -> request.bucket(objects.bucket())
                            .prefix(objects.full(S3Layout.CACHES))
                            .keyMarker(afterKey)
                            .uploadIdMarker(afterId)
                            .encodingType(EncodingType.URL)
                            .overrideConfiguration(objects::again)));
            for (var upload : page.uploads()) {
                aborted += abortIfGone(upload.key(), upload.uploadId()) ? 1 : 0;
            }
            keyMarker = page.nextKeyMarker();
            idMarker = page.nextUploadIdMarker();
            if (!Boolean.TRUE.equals(page.isTruncated()) || keyMarker == null) {
                return aborted;
            }
        }
    }

    private boolean abortIfGone(String fullKey, String uploadId) {
        String key = fullKey.substring(objects.full("").length());
        String name = key.substring(
                S3Layout.CACHES.length(),
                Math.max(S3Layout.CACHES.length(), key.indexOf('/', S3Layout.CACHES.length())));
        if (!CacheId.isValid(name) || caches.look(CacheId.of(name), Instant.now()) != Look.GONE) {
            return false;
        }
        try {
            MultipartUpload.abortNow(objects, key, uploadId);
            return true;
        } catch (CacheBackendException failure) {
            return false;
        }
    }
}
