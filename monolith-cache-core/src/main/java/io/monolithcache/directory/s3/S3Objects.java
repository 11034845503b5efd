// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.s3.PutOutcome.Known;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * The objects below one prefix of a bucket; keys are relative to it. Reads, listings and deletions are sent again by
 * the client when they fail, as it was told to do; a write that is to be refused if there is an object already is sent
 * once, because a second copy would be refused by the first. Every request ends in time.
 */
final class S3Objects {

    /** The most that one request lists or deletes. */
    static final int MOST_KEYS = 1_000;

    /** How long a failing request may take in all, counted in attempts. */
    private static final int ATTEMPTS = 3;

    /** What is slower is taken for hanging. */
    private static final long SLOWEST_BYTES_A_SECOND = 64 * 1024;

    /** A character after the slash, so that what follows it is behind everything in a folder. */
    private static final char AFTER_SLASH = '0';

    private final Supplier<S3Client> client;
    private final S3Place place;
    private final Duration timeout;
    private final S3Failures failures;

    /**
     * @param client asked for each request, so that the first one may build it
     * @param timeout of one attempt that carries no data to speak of
     */
    S3Objects(Supplier<S3Client> client, S3Place place, Duration timeout) {
        this.client = client;
        this.place = place;
        this.timeout = timeout;
        this.failures = new S3Failures(place);
    }

    S3Place place() {
        return place;
    }

    S3Client client() {
        return client.get();
    }

    S3Failures failures() {
        return failures;
    }

    String bucket() {
        return place.bucket();
    }

    String full(String key) {
        return place.prefix() + key;
    }

    /** An object that was read. */
    static final class Found {

        private final byte[] content;
        private final Instant lastModified;
        private final Instant date;
        private final String etag;

        Found(byte[] content, Instant lastModified, Instant date, String etag) {
            this.content = content;
            this.lastModified = lastModified;
            this.date = date;
            this.etag = etag;
        }

        byte[] content() {
            return content;
        }

        /** When it was written, by the clock of the store, to the second. */
        Instant lastModified() {
            return lastModified;
        }

        /** When the store answered, by the same clock. */
        Instant date() {
            return date;
        }

        String etag() {
            return etag;
        }
    }

    /**
     * An object that a listing showed.
     *
     * @param lastModified when it was written, by the clock of the store
     */
    record Listed(String key, long size, Instant lastModified, String etag) {}

    /**
     * Up to 1,000 keys, in the order of the store.
     *
     * @param folders what has a slash behind the beginning, if that was asked for; each ends with it
     * @param date when the store answered, by its own clock, to the second
     */
    record Page(List<Listed> objects, List<String> folders, boolean isLast, Instant date) {

        /** The last key, after which the next page begins; null if there is none. */
        @Nullable String end() {
            String object =
                    objects.isEmpty() ? null : objects.get(objects.size() - 1).key();
            String folder = folders.isEmpty() ? null : behind(folders.get(folders.size() - 1));
            return object == null || (folder != null && folder.compareTo(object) > 0) ? folder : object;
        }
    }

    private static String behind(String folder) {
        return folder.substring(0, folder.length() - 1) + AFTER_SLASH;
    }

    /** Sent at most once, whatever the client was told to do. */
    void once(AwsRequestOverrideConfiguration.Builder request) {
        request.apiCallTimeout(timeout).apiCallAttemptTimeout(timeout).addPlugin(ONCE);
    }

    private static final SdkPlugin ONCE = client -> ((S3ServiceClientConfiguration.Builder) client)
            .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));

    /** Sent again when it fails. */
    void again(AwsRequestOverrideConfiguration.Builder request) {
        again(request, 0);
    }

    /** @param bytes what the request carries, one way or the other */
    void again(AwsRequestOverrideConfiguration.Builder request, long bytes) {
        Duration attempt = timeout.plusSeconds(bytes / SLOWEST_BYTES_A_SECOND);
        request.apiCallAttemptTimeout(attempt).apiCallTimeout(attempt.multipliedBy(ATTEMPTS));
    }

    /** Writes an object unless there is one. @throws CacheBackendException if it was certainly not written */
    PutOutcome putIfAbsent(String key, byte[] content) {
        try {
            var unused = client().putObject(
                            request -> request.bucket(bucket())
                                    .key(full(key))
                                    .ifNoneMatch("*")
                                    .overrideConfiguration(this::once),
                            RequestBody.fromBytes(content));
            return Known.WRITTEN;
        } catch (SdkException failure) {
            if (S3Failures.isRefused(failure)) {
                return Known.REFUSED;
            }
            CacheBackendException described = failures.of("write " + key, failure);
            if (S3Failures.isUnknown(failure)) {
                return new PutOutcome.Unknown(described);
            }
            throw described;
        }
    }

    /** Writes an object, or replaces it. */
    void put(String key, byte[] content) {
        call(
                "write " + key,
                s3 -> s3.putObject(
                        request -> request.bucket(bucket())
                                .key(full(key))
                                .overrideConfiguration(override -> again(override, content.length)),
                        RequestBody.fromBytes(content)));
    }

    /** An object that fits into memory; null if there is none. */
    @Nullable Found get(String key) {
        try {
            ResponseBytes<GetObjectResponse> read = client().getObjectAsBytes(
                            request -> request.bucket(bucket()).key(full(key)).overrideConfiguration(this::again));
            GetObjectResponse response = read.response();
            return new Found(
                    read.asByteArray(), response.lastModified(), date(response.sdkHttpResponse()), response.eTag());
        } catch (SdkException failure) {
            if (S3Failures.isMissing(failure)) {
                return null;
            }
            throw failures.of("read " + key, failure);
        }
    }

    /** The keys with that beginning, behind another; null for all. */
    Page list(String beginning, @Nullable String after) {
        return page(beginning, after, null);
    }

    /** The same, but what has a slash behind the beginning is one folder. */
    Page listFolders(String beginning, @Nullable String after) {
        return page(beginning, after, "/");
    }

    private Page page(String beginning, @Nullable String after, @Nullable String delimiter) {
        ListObjectsV2Response response = call(
                "list " + beginning,
                s3 -> s3.listObjectsV2(request -> request.bucket(bucket())
                        .prefix(full(beginning))
                        .startAfter(after == null ? null : full(after))
                        .delimiter(delimiter)
                        .maxKeys(MOST_KEYS)
                        // a key may have characters that XML has not
                        .encodingType(EncodingType.URL)
                        .overrideConfiguration(this::again)));
        List<Listed> objects = new ArrayList<>(response.contents().size());
        response.contents()
                .forEach(object -> objects.add(
                        new Listed(relative(object.key()), object.size(), object.lastModified(), object.eTag())));
        List<String> folders = response.commonPrefixes().stream()
                .map(folder -> relative(folder.prefix()))
                .toList();
        return new Page(
                objects, folders, !Boolean.TRUE.equals(response.isTruncated()), date(response.sdkHttpResponse()));
    }

    private String relative(String key) {
        return key.substring(place.prefix().length());
    }

    /** Every object with that beginning, page by page as they are asked for. */
    Stream<Listed> all(String beginning) {
        return lazily(after -> list(beginning, after), Page::objects);
    }

    /** Every folder right below that one, page by page as they are asked for. */
    Stream<String> folders(String beginning) {
        return lazily(after -> listFolders(beginning, after), Page::folders);
    }

    private static <T> Stream<T> lazily(Function<@Nullable String, Page> pages, Function<Page, List<T>> content) {
        return StreamSupport.stream(
                new AbstractSpliterator<T>(Long.MAX_VALUE, 0) {
                    private @Nullable Page page;
                    private Iterator<T> rest = List.<T>of().iterator();

                    @Override
                    public boolean tryAdvance(Consumer<? super T> action) {
                        while (!rest.hasNext()) {
                            if (page != null && (page.isLast() || page.end() == null)) {
                                return false;
                            }
                            page = pages.apply(page == null ? null : page.end());
                            rest = content.apply(page).iterator();
                        }
                        action.accept(rest.next());
                        return true;
                    }
                },
                false);
    }

    /** Deletes what is there of them, in no order, up to 1,000 a request. */
    void delete(Collection<String> keys) {
        List<ObjectIdentifier> batch = new ArrayList<>();
        for (String key : keys) {
            if (key.chars().anyMatch(S3Objects::isNotInXml)) {
                delete(key);
            } else {
                batch.add(ObjectIdentifier.builder().key(full(key)).build());
            }
            if (batch.size() == MOST_KEYS) {
                deleteBatch(batch);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            deleteBatch(batch);
        }
    }

    private static boolean isNotInXml(int character) {
        return Character.isISOControl(character) || character == 0xFFFE || character == 0xFFFF;
    }

    private void deleteBatch(List<ObjectIdentifier> batch) {
        List<ObjectIdentifier> objects = List.copyOf(batch);
        String attempt = "delete " + objects.size() + " objects, the first of which is "
                + relative(objects.get(0).key());
        DeleteObjectsResponse response = call(
                attempt,
                s3 -> s3.deleteObjects(request -> request.bucket(bucket())
                        .delete(delete -> delete.objects(objects).quiet(true))
                        .overrideConfiguration(this::again)));
        List<S3Error> errors = response.errors();
        if (!errors.isEmpty()) {
            S3Error first = errors.get(0);
            throw new CacheBackendException(
                    "Could not " + attempt + ", in " + place + ": of " + errors.size() + " S3 says " + first.code()
                            + ", for instance of " + first.key() + ". Allow s3:DeleteObject on " + bucket() + "/"
                            + place.prefix() + "*",
                    null);
        }
    }

    /** Deletes an object; none is no error. */
    void delete(String key) {
        call(
                "delete " + key,
                s3 -> s3.deleteObject(
                        request -> request.bucket(bucket()).key(full(key)).overrideConfiguration(this::again)));
    }

    /** Deletes everything with that beginning, as it is listed once. @return how many objects those were */
    long deleteAll(String beginning) {
        long deleted = 0;
        String after = null;
        while (true) {
            Page page = list(beginning, after);
            List<String> keys = page.objects().stream().map(Listed::key).toList();
            delete(keys);
            deleted += keys.size();
            after = page.end();
            if (page.isLast() || after == null) {
                return deleted;
            }
        }
    }

    <T> T call(String attempt, Function<S3Client, T> request) {
        try {
            return request.apply(client());
        } catch (SdkException failure) {
            throw failures.of(attempt, failure);
        }
    }

    /** The time by the clock of the store. */
    private Instant date(SdkHttpResponse response) {
        String date = response.firstMatchingHeader("Date").orElse("");
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        } catch (DateTimeParseException none) {
            throw new CacheBackendException(
                    "What answers for " + place + " does not tell the time (header Date: '" + date
                            + "'), and without it nothing is known to be old. Look at what stands before the store",
                    none);
        }
    }

    @Override
    public String toString() {
        return Objects.toString(place);
    }
}
