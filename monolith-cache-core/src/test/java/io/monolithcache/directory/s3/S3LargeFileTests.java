// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A file of 10 GB there and back; on a server that keeps it in a folder, so it takes that twice. */
@Tag("soak")
class S3LargeFileTests {

    private static final long LENGTH = 10_000_000_000L;

    @Test
    void tenGigabytesComeBack(@TempDir Path folder) throws IOException {
        Path source = folder.resolve("source");
        try (RandomAccessFile sparse = new RandomAccessFile(source.toFile(), "rw")) {
            sparse.setLength(LENGTH);
            for (long at = 0; at < LENGTH; at += LENGTH / 97) {
                sparse.seek(at);
                sparse.writeLong(at);
            }
        }
        try (S3MockServer server = S3MockServer.start(Files.createDirectory(folder.resolve("server")));
                S3Client client = server.client()) {
            var unused = client.createBucket(request -> request.bucket("caches"));
            S3TransferSettings settings = S3TransferSettings.defaults();
            S3Objects objects = new S3Objects(() -> client, S3Place.of("s3://caches"), settings.timeout());
            try (S3DirectoryStorage storage = new S3DirectoryStorage(
                    objects,
                    new S3Root(objects, "redis", null, () -> {}),
                    new MetadataChain(objects, OwnClock.ofTheSystem()),
                    settings,
                    () -> folder.resolve("copies"))) {
                String root = storage.openRoot();
                assertThat(root).isNotEmpty();
                storage.open("owner");
                CacheId id = CacheId.random(Instant.now());
                storage.publish(storage.prepare(), id, Map.of());
                RelativeName name = new RelativeName("large.bin");

                storage.upload(id, source, name, () -> {});
                assertThat(storage.usage(id).sizeInBytes()).isEqualTo(LENGTH);
                Path copy = storage.download(id, name);

                assertThat(Files.mismatch(source, copy)).isEqualTo(-1);
            }
        }
    }
}
