// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The place of one test in S3, and what tests do to it that the storage does not. */
final class S3Bucket implements AutoCloseable {

    /** The smallest that S3 takes. */
    static final int PART = 5 * 1024 * 1024;

    private static final String PREFIX = "some/prefix/";

    private final S3Server server;
    private final String name;
    private final Path scratch;
    private final S3Client admin;
    private final List<AutoCloseable> opened = new ArrayList<>();
    final CountedRequests requests = new CountedRequests();

    S3Bucket(S3Server server, Path scratch) {
        this.server = server;
        this.name = server.bucket();
        this.scratch = scratch;
        this.admin = server.client();
    }

    String name() {
        return name;
    }

    S3Place place() {
        return new S3Place(name, PREFIX);
    }

    S3Objects objects() {
        return objects(server.port(), Duration.ofSeconds(20));
    }

    /** By way of a proxy. */
    S3Objects objects(int port, Duration timeout) {
        return objects(server.builder(port), timeout);
    }

    /** By way of a proxy, with a client that waits for an answer no longer than that. */
    S3Objects impatient(int port, Duration patience) {
        return objects(
                server.builder(port)
                        .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(patience)),
                Duration.ofSeconds(20));
    }

    /** By way of a proxy, with a server that does not hear all that a request says. */
    S3Objects forgetful(int port, Forgotten forgotten) {
        return objects(server.builder(port), Duration.ofSeconds(20), requests, forgotten);
    }

    private S3Objects objects(S3ClientBuilder builder, Duration timeout) {
        return objects(builder, timeout, requests);
    }

    private S3Objects objects(S3ClientBuilder builder, Duration timeout, ExecutionInterceptor... interceptors) {
        S3Client client = builder.overrideConfiguration(
                        override -> override.executionInterceptors(List.of(interceptors)))
                .build();
        opened.add(client);
        return new S3Objects(() -> client, place(), timeout);
    }

    S3DirectoryStorage open(String owner) {
        return open(objects(), owner, settings());
    }

    S3TransferSettings settings() {
        return new S3TransferSettings(4, PART, Duration.ofSeconds(20), S3Progress.NONE);
    }

    S3DirectoryStorage open(S3Objects objects, String owner, S3TransferSettings settings) {
        S3DirectoryStorage storage = new S3DirectoryStorage(
                objects,
                new S3Root(objects, "redis", null, () -> {}),
                new MetadataChain(objects, OwnClock.ofTheSystem()),
                settings,
                () -> scratch);
        String unused = storage.openRoot();
        storage.open(owner);
        requests.take();
        return storage;
    }

    /** All keys below the prefix, and the uploads that are under way. */
    List<String> everything() {
        List<String> all = new ArrayList<>();
        admin.listObjectsV2Paginator(request -> request.bucket(name).prefix(PREFIX))
                .contents()
                .forEach(object -> all.add(object.key()));
        admin.listMultipartUploads(request -> request.bucket(name))
                .uploads()
                .forEach(upload -> all.add("upload of " + upload.key()));
        return all;
    }

    void put(String key, byte[] content) {
        var unused = admin.putObject(request -> request.bucket(name).key(PREFIX + key), RequestBody.fromBytes(content));
    }

    /** Replaces the content and leaves what its metadata say of it. */
    void corrupt(String key, byte[] content) {
        var before = admin.headObject(request -> request.bucket(name).key(PREFIX + key));
        var unused = admin.putObject(
                request -> request.bucket(name).key(PREFIX + key).metadata(before.metadata()),
                RequestBody.fromBytes(content));
    }

    /** An upload in parts that never ends. */
    void beginUpload(String key) {
        var unused = admin.createMultipartUpload(request -> request.bucket(name).key(PREFIX + key));
    }

    void delete(String key) {
        var unused = admin.deleteObject(request -> request.bucket(name).key(PREFIX + key));
    }

    String text(String key) {
        return admin.getObjectAsBytes(request -> request.bucket(name).key(PREFIX + key))
                .asUtf8String();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        // the server keeps it in the memory of all tests
        admin.listObjectsV2Paginator(request -> request.bucket(name))
                .contents()
                .forEach(object ->
                        admin.deleteObject(request -> request.bucket(name).key(object.key())));
        admin.close();
    }
}
