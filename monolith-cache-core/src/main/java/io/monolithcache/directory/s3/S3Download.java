// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.Transfers.Moving;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Brings files from S3 into local ones. The first request brings the first part, and tells before that how many there
 * are; the others come beside it, several at a time, of that very version only, and each is written to its place. The
 * whole is compared with the checksum that it was written with.
 */
final class S3Download {

    private static final Logger log = LoggerFactory.getLogger(S3Download.class);

    private static final int ATTEMPTS = 4;

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

    private record Version(String etag, Map<String, String> metadata) {

        static Version of(GetObjectResponse response) {
            return new Version(response.eTag(), response.metadata());
        }
    }

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
                Version copied = copy(key, target, known);
                if (copied == null) {
                    return null;
                }
                verify(id, key, target, copied);
                return copied.etag();
            } catch (Replaced | Corrupt again) {
                if (attempt == ATTEMPTS) {
                    throw again;
                }
                log.debug("{} is read again", key, again);
            }
        }
    }

    private void verify(CacheId id, String key, Path target, Version copied) throws IOException {
        String expected = checksums.find(id, copied.metadata());
        if (expected != null && !expected.equals(Checksum.of(target))) {
            throw new Corrupt(key);
        }
    }

    /** Null if there is only the version that is known. */
    private @Nullable Version copy(String key, Path target, @Nullable String known) throws IOException {
        long partSize = settings.partSize();
        ObjectRange first = new ObjectRange(objects, key, target, 0, partSize, null, () -> false);
        AtomicReference<Moving> others = new AtomicReference<>(Moving.nothing());
        try {
            GetObjectResponse response = first.read(
                    request -> request.ifNoneMatch(known), begun -> others.set(beginOthers(key, target, begun)));
            long length = ObjectRange.total(response);
            settings.progress().tell(objects.place() + key, Math.min(length, partSize), length);
            others.get().finish();
            return Version.of(response);
        } catch (SdkException failure) {
            if (S3Failures.isUnchanged(failure)) {
                return null;
            }
            if (S3Failures.isBeyondTheEnd(failure) && !first.isBegun()) {
                return empty(key);
            }
            throw described(first, failure);
        } finally {
            others.get().giveUp();
        }
    }

    /** While the first part is on its way. */
    private Moving beginOthers(String key, Path target, GetObjectResponse first) throws IOException {
        boolean isWhole = first.contentRange() == null;
        long length = ObjectRange.total(first);
        long partSize = settings.partSize();
        return transfers.begin(1, isWhole ? 1 : PartSizes.count(length, partSize), (part, moving) -> {
            long start = part * partSize;
            long size = Math.min(partSize, length - start);
            ObjectRange range = new ObjectRange(objects, key, target, start, size, first.eTag(), moving::isGivenUp);
            try {
                var unused = range.read(request -> {}, begun -> {});
            } catch (SdkException failure) {
                throw described(range, failure);
            }
            settings.progress().tell(objects.place() + key, size, length);
        });
    }

    private IOException described(ObjectRange range, SdkException failure) {
        if (S3Failures.isRefused(failure) || S3Failures.isBeyondTheEnd(failure)) {
            return new Replaced(range.key());
        }
        return S3Failures.isMissing(failure)
                ? new FileNotFoundException(range.key())
                : new IOException(objects.failures().message("read " + range.key(), failure), failure);
    }

    /** An empty object has no range at all. */
    private Version empty(String key) throws IOException {
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
            return Version.of(response);
        } catch (SdkException failure) {
            throw new IOException(objects.failures().message("read " + key, failure), failure);
        }
    }
}
