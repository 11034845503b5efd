// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.s3.S3Place;
import io.monolithcache.directory.s3.S3RegistrySettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides which storages there are beside the local disk, and checks what is said about that. */
final class StorageChoice {

    /** The newest that works with this version of Spring Boot. */
    static final String SPRING_CLOUD_AWS = "4.1.1";

    private static final String STORAGE = "monolith.cache.storage";
    private static final String REGISTRY = "monolith.cache.registry";
    private static final String PATH = "monolith.cache.s3.path";
    private static final String LEASE = "monolith.cache.s3.lease";
    private static final String SWEEP_INTERVAL = "monolith.cache.s3.sweep-interval";
    private static final String CONNECTIONS = "monolith.cache.s3.connections";
    private static final String TIMEOUT = "monolith.cache.s3.timeout";

    private static final String S3 = "s3";
    private static final int MOST_CONNECTIONS = 256;

    private final MonolithCacheProperties properties;
    private final MonolithCacheProperties.S3 s3;
    private final List<StorageSource> sources;
    private final List<InvalidSetting> problems;

    /** @param problems to which it adds what is wrong */
    StorageChoice(MonolithCacheProperties properties, List<StorageSource> sources, List<InvalidSetting> problems) {
        this.properties = properties;
        this.s3 = properties.s3();
        this.sources = sources;
        this.problems = problems;
    }

    /** Null if there is none in S3, or if something is wrong. */
    DirectoryBackend.@Nullable Provider choose() {
        String path = s3.path();
        if (path == null) {
            checkWithoutPath();
            return null;
        }
        checkPath(path);
        checkRegistry();
        checkTimes();
        StorageSource source = source();
        if (source == null || !problems.isEmpty()) {
            return null;
        }
        try {
            return source.storage(properties);
        } catch (InvalidCacheSettingsException refused) {
            problems.addAll(refused.settings());
            return null;
        }
    }

    private static boolean is(String value, String word) {
        return value.trim().toLowerCase(Locale.ROOT).equals(word);
    }

    /** What needs a bucket does not pass in silence without one. */
    private void checkWithoutPath() {
        String asking = is(properties.storage(), S3) ? STORAGE : is(properties.registry(), S3) ? REGISTRY : null;
        if (asking != null) {
            refuse(
                    PATH,
                    "is not set, but '" + asking + "' is 's3'.",
                    "Set " + PATH + " to where cache directories shall be, for instance s3://bucket/prefix, or remove "
                            + asking + ".");
        }
    }

    private void checkPath(String path) {
        try {
            S3Place unused = S3Place.of(path);
        } catch (IllegalArgumentException wrong) {
            refuse(
                    PATH,
                    "is '" + path + "': " + wrong.getMessage() + ".",
                    "Set " + PATH + " to a bucket and a prefix, for instance s3://bucket/prefix.");
        }
    }

    private void checkRegistry() {
        if (is(properties.registry(), "file")) {
            refuse(
                    REGISTRY,
                    "is 'file', but '" + PATH + "' asks for directories in S3, whose references files cannot keep.",
                    "Remove " + REGISTRY + ": then files keep the references of the local disk, and the bucket those of"
                            + " S3. Or remove " + PATH + ".");
        }
    }

    private void checkTimes() {
        Duration lease = s3.lease();
        if (!S3RegistrySettings.isLease(lease)) {
            refuse(LEASE, "is " + lease + ".", "Set " + LEASE + " to 300ms to 15m, for instance 60s.");
        }
        if (s3.sweepInterval().isNegative()) {
            refuse(
                    SWEEP_INTERVAL,
                    "is negative (" + s3.sweepInterval() + ").",
                    "Set " + SWEEP_INTERVAL + " to a positive time, for instance 5m, or to 0 for never.");
        }
        if (s3.connections() < 1 || s3.connections() > MOST_CONNECTIONS) {
            refuse(
                    CONNECTIONS,
                    "is " + s3.connections() + ".",
                    "Set " + CONNECTIONS + " to 1 to " + MOST_CONNECTIONS + ", for instance 12.");
        }
        if (s3.timeout().isNegative() || s3.timeout().isZero()) {
            refuse(
                    TIMEOUT,
                    "is not positive (" + s3.timeout() + ").",
                    "Set " + TIMEOUT + " to a positive time, for instance 30s.");
        }
    }

    private @Nullable StorageSource source() {
        for (StorageSource source : sources) {
            if (source.name().equals(S3)) {
                return source;
            }
        }
        refuse(
                PATH,
                "asks for S3, but the AWS SDK is not on the class path.",
                "Add io.awspring.cloud:spring-cloud-aws-starter-s3:" + SPRING_CLOUD_AWS
                        + " to the dependencies, or remove " + PATH + ".");
        return null;
    }

    private void refuse(String property, String what, String action) {
        problems.add(new InvalidSetting(property, "The property '" + property + "' " + what, action));
    }
}
