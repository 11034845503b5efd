// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket as strong as S3's, in memory, with the time of a test, for what no server can be made to do on demand. A
 * client sees it through a {@link Way}, on which requests are delayed, lost, and answered otherwise.
 */
final class MemoryBucket {

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Stored(byte[] content, Instant written) {}

    /** What happens to a request between a client and the bucket. */
    @FunctionalInterface
    interface Way {

        /**
         * Brings it to the bucket, or does not.
         *
         * @param request its kind and key: {@code PUT a/b}
         * @param effect what it does in the bucket, and what the bucket answers; may be run never, or later
         */
        <T> T send(String request, Supplier<T> effect);
    }

    private final NavigableMap<String, Stored> objects = new TreeMap<>();
    private final Clock clock;
    private final int pageSize;

    MemoryBucket(Clock clock, int pageSize) {
        this.clock = clock;
        this.pageSize = pageSize;
    }

    S3Objects objects(Way way) {
        S3Client client = new Client(way);
        return new S3Objects(() -> client, S3Place.of("s3://memory"), java.time.Duration.ofSeconds(5));
    }

    /** Without anything on the way. */
    S3Objects objects() {
        return objects(new Way() {
            @Override
            public <T> T send(String request, Supplier<T> effect) {
                return effect.get();
            }
        });
    }

    synchronized List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    synchronized List<String> keys(String beginning) {
        return objects.tailMap(beginning, true).keySet().stream()
                .takeWhile(key -> key.startsWith(beginning))
                .toList();
    }

    synchronized byte[] content(String key) {
        return objects.get(key).content();
    }

    static S3Exception failure(int status) {
        return (S3Exception)
                S3Exception.builder().statusCode(status).message("told to fail").build();
    }

    private synchronized boolean put(String key, byte[] content, boolean ifAbsent) {
        if (ifAbsent && objects.containsKey(key)) {
            return false;
        }
        objects.put(key, new Stored(content, seconds()));
        return true;
    }

    private Instant seconds() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private SdkHttpResponse head() {
        return SdkHttpFullResponse.builder()
                .statusCode(200)
                .putHeader(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(seconds().atOffset(ZoneOffset.UTC)))
                .build();
    }

    private synchronized ListObjectsV2Response list(ListObjectsV2Request request) {
        String after = request.startAfter() == null ? "" : request.startAfter();
        List<S3Object> found = new ArrayList<>();
        List<CommonPrefix> folders = new ArrayList<>();
        boolean more = false;
        for (Map.Entry<String, Stored> entry : objects.tailMap(
                        after.compareTo(request.prefix()) > 0 ? after : request.prefix(), true)
                .entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(request.prefix())) {
                break;
            }
            int slash = request.delimiter() == null
                    ? -1
                    : key.indexOf('/', request.prefix().length());
            String folder = slash < 0 ? null : key.substring(0, slash + 1);
            boolean known = folder != null
                    && !folders.isEmpty()
                    && folders.get(folders.size() - 1).prefix().equals(folder);
            if (key.compareTo(after) <= 0 || known) {
                continue;
            }
            if (found.size() + folders.size() == pageSize) {
                more = true;
                break;
            }
            if (folder == null) {
                Stored object = entry.getValue();
                found.add(S3Object.builder()
                        .key(key)
                        .size((long) object.content().length)
                        .lastModified(object.written())
                        .eTag("\"" + key.hashCode() + "\"")
                        .build());
            } else {
                folders.add(CommonPrefix.builder().prefix(folder).build());
            }
        }
        ListObjectsV2Response.Builder response = ListObjectsV2Response.builder()
                .contents(found)
                .commonPrefixes(folders)
                .isTruncated(more);
        response.sdkHttpResponse(head());
        return response.build();
    }

    private final class Client implements S3Client {

        private final Way way;

        Client(Way way) {
            this.way = way;
        }

        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {}

        private static byte[] bytes(RequestBody body) {
            try (var in = body.contentStreamProvider().newStream()) {
                return in.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
            byte[] content = bytes(body);
            return way.send("PUT " + request.key(), () -> {
                if (!put(request.key(), content, "*".equals(request.ifNoneMatch()))) {
                    throw failure(412);
                }
                PutObjectResponse.Builder response = PutObjectResponse.builder();
                response.sdkHttpResponse(head());
                return response.build();
            });
        }

        @Override
        public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
            return way.send("GET " + request.key(), () -> {
                Stored object;
                synchronized (MemoryBucket.this) {
                    object = objects.get(request.key());
                }
                if (object == null) {
                    throw failure(404);
                }
                GetObjectResponse.Builder response = GetObjectResponse.builder()
                        .contentLength((long) object.content().length)
                        .lastModified(object.written())
                        .eTag("\"" + request.key().hashCode() + "\"");
                response.sdkHttpResponse(head());
                try {
                    return transformer.transform(
                            response.build(), AbortableInputStream.create(new ByteArrayInputStream(object.content())));
                } catch (Exception impossible) {
                    throw new IllegalStateException(impossible);
                }
            });
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
            return getObject(request, ResponseTransformer.toInputStream());
        }

        @Override
        public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
            return way.send("LIST " + request.prefix(), () -> list(request));
        }

        @Override
        public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
            return way.send("DELETE " + request.key(), () -> {
                delete(List.of(request.key()));
                return DeleteObjectResponse.builder().build();
            });
        }

        @Override
        public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
            List<String> keys = request.delete().objects().stream()
                    .map(object -> object.key())
                    .toList();
            return way.send("DELETE " + keys.get(0), () -> {
                delete(keys);
                return DeleteObjectsResponse.builder().build();
            });
        }

        private void delete(List<String> keys) {
            synchronized (MemoryBucket.this) {
                keys.forEach(objects::remove);
            }
        }
    }
}
