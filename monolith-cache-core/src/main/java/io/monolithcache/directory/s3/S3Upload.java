// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/** Brings files to S3, where they appear whole. */
final class S3Upload {

    private static final String ANY_CONTENT = "application/octet-stream";

    private final S3Objects objects;
    private final Transfers transfers;
    private final S3TransferSettings settings;
    private final StoredChecksums checksums;
    private final PartSizes sizes;

    S3Upload(S3Objects objects, Transfers transfers, S3TransferSettings settings) {
        this.objects = objects;
        this.transfers = transfers;
        this.settings = settings;
        this.checksums = new StoredChecksums(objects);
        this.sizes = new PartSizes(settings.partSize());
    }

    /**
     * Where a file is to appear.
     *
     * @param owner who writes it
     * @param check throws if it may not appear any more
     */
    Target target(CacheId id, String key, String owner, Runnable check) {
        return new Target(id, key, owner, check);
    }

    /** A file that is being written. */
    final class Target {

        private final CacheId id;
        private final String key;
        private final String owner;
        private final Runnable check;

        private Target(CacheId id, String key, String owner, Runnable check) {
            this.id = id;
            this.key = key;
            this.owner = owner;
            this.check = check;
        }

        String key() {
            return key;
        }

        PartSizes sizes() {
            return sizes;
        }

        void requireThere() {
            check.run();
        }

        void tell(long bytes, long total) {
            settings.progress().tell(objects.place() + key, bytes, total);
        }

        MultipartUpload begin(Map<String, String> metadata) throws IOException {
            return MultipartUpload.begin(objects, owner, key, metadata);
        }

        void writeChecksum(Map<String, String> metadata, String checksum) {
            checksums.write(id, metadata, checksum);
        }

        /** Writes all of it with one request. */
        void put(byte[] content, int length) throws IOException {
            check.run();
            try {
                var unused = objects.client()
                        .putObject(
                                request -> request.bucket(objects.bucket())
                                        .key(objects.full(key))
                                        .metadata(StoredChecksums.known(Checksum.of(content, length)))
                                        .overrideConfiguration(override -> objects.again(override, length)),
                                inMemory(content, length));
            } catch (SdkException failure) {
                throw new IOException(objects.failures().message("write " + key, failure), failure);
            }
            tell(length, length);
        }

        /** Writes a copy of a file. */
        void copy(Path source) throws IOException {
            long length = Files.size(source);
            if (length > PartSizes.LARGEST_FILE) {
                throw new IllegalArgumentException("A file in S3 has at most " + PartSizes.LARGEST_FILE + " bytes, and "
                        + source + " has " + length);
            }
            if (length <= settings.partSize()) {
                byte[] content = Files.readAllBytes(source);
                put(content, content.length);
            } else {
                copyInParts(source, length);
            }
        }

        private void copyInParts(Path source, long length) throws IOException {
            FileTime before = Files.getLastModifiedTime(source);
            long partSize = sizes.ofFile(length);
            check.run();
            MultipartUpload upload = begin(StoredChecksums.known(Checksum.of(source)));
            try {
                transfers.move(0, PartSizes.count(length, partSize), (part, moving) -> {
                    long start = part * partSize;
                    long size = Math.min(partSize, length - start);
                    upload.part(part + 1, size, body(source, start, size));
                    tell(size, length);
                });
                if (Files.size(source) != length
                        || !Files.getLastModifiedTime(source).equals(before)) {
                    throw new IOException(source + " was changed while it was written to " + key + "; try again");
                }
                check.run();
                upload.complete();
            } catch (IOException | RuntimeException failure) {
                upload.abort(failure);
                throw failure;
            }
        }

        /** A part of a file, read anew each time that it is sent. */
        private static RequestBody body(Path source, long start, long size) {
            ContentStreamProvider part = ContentStreamProvider.fromInputStreamSupplier(() -> open(source, start, size));
            return RequestBody.fromContentProvider(part, size, ANY_CONTENT);
        }

        private static InputStream open(Path source, long start, long size) {
            try {
                return new FilePart(source, start, size);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** What is in memory already, and is not copied once more. */
    static RequestBody inMemory(byte[] content, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(content, 0, length), length, ANY_CONTENT);
    }
}
