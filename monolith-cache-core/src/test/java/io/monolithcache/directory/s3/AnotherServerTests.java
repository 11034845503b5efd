// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A cache on a server of another make, which wants parts of S3's least size. */
@Tag("long")
class AnotherServerTests {

    private static final int PART = 5 << 20;

    @Test
    void aCacheLivesItsLife(@TempDir Path folder) throws IOException {
        byte[] content = new byte[2 * PART + 11];
        new Random(1).nextBytes(content);
        Path source = Files.write(folder.resolve("source"), content);
        try (S3MockServer server = S3MockServer.start(Files.createDirectory(folder.resolve("server")));
                S3Client client = server.client()) {
            var unused = client.createBucket(request -> request.bucket("caches"));
            S3TransferSettings settings = S3TransferSettings.defaults().withPartSize(PART);
            S3Objects objects = new S3Objects(() -> client, S3Place.of("s3://caches/here"), settings.timeout());
            try (S3DirectoryStorage storage = new S3DirectoryStorage(
                    objects,
                    new S3Root(objects, "redis", null, () -> {}),
                    new MetadataChain(objects, OwnClock.ofTheSystem()),
                    settings,
                    () -> folder.resolve("copies"))) {
                String root = storage.openRoot();
                storage.open("owner");
                CacheId id = CacheId.random(Instant.now());
                storage.publish(storage.prepare(), id, Map.of("colour", "green"));
                storage.updateMetadata(id, old -> Map.of("colour", "red"));

                RelativeName streamed = new RelativeName("folder/stream ed+ä");
                try (OutputStream out = storage.resource(id, streamed, () -> {}).getOutputStream()) {
                    out.write(content);
                }
                RelativeName uploaded = new RelativeName("uploaded");
                storage.upload(id, source, uploaded, () -> {});

                assertThat(storage.download(id, streamed)).hasBinaryContent(content);
                assertThat(storage.download(id, uploaded)).hasBinaryContent(content);
                assertThat(storage.resource(id, streamed, () -> {}).getContentAsByteArray())
                        .isEqualTo(content);
                assertThat(storage.metadata(id)).isEqualTo(Map.of("colour", "red"));
                Objects.requireNonNull(storage.trash(id)).delete();
                assertThat(storage.look(id)).isEqualTo(Look.GONE);
                assertThat(storage.purge()).isZero();
                assertThat(storage.root()).isEqualTo(root);
                assertThat(objects.list("", null).objects())
                        .extracting(S3Objects.Listed::key)
                        .containsExactly(S3Layout.FORMAT);
            }
        }
    }
}
