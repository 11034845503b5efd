// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.RegistryProvider;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;

/** Decides who keeps the references, and checks what is said about that. */
final class RegistryChoice {

    private static final String REGISTRY = "monolith.cache.registry";
    private static final String ENABLED = "monolith.cache.redis.enabled";
    private static final String HOST = "monolith.cache.redis.host";
    private static final String PORT = "monolith.cache.redis.port";
    private static final String USERNAME = "monolith.cache.redis.username";
    private static final String PASSWORD = "monolith.cache.redis.password";
    private static final String SSL = "monolith.cache.redis.ssl";
    private static final String DATABASE = "monolith.cache.redis.database";
    private static final String NAMESPACE = "monolith.cache.redis.namespace";
    private static final String LEASE = "monolith.cache.redis.lease";
    private static final String TIMEOUT = "monolith.cache.redis.timeout";

    private static final String REDIS = "redis";
    private static final int LAST_PORT = 65_535;

    /** A URL, a list, or a host with its port; an IPv6 address has more colons. */
    private static final Pattern MORE_THAN_A_HOST = Pattern.compile(".*[/@,\\s].*|[^:]*:[^:]*");

    private final MonolithCacheProperties properties;
    private final MonolithCacheProperties.Redis redis;
    private final List<RegistrySource> sources;
    private final List<InvalidSetting> problems;
    private final boolean isOff;

    /** @param problems to which it adds what is wrong */
    RegistryChoice(MonolithCacheProperties properties, List<RegistrySource> sources, List<InvalidSetting> problems) {
        this.properties = properties;
        this.redis = properties.redis();
        this.sources = sources;
        this.problems = problems;
        this.isOff = Boolean.FALSE.equals(redis.enabled());
    }

    /** Null for the registry that goes with the storage, or if something is wrong. */
    @Nullable RegistryProvider choose() {
        boolean wanted = wantsRedis();
        checkConnection();
        if (!wanted) {
            return null;
        }
        checkValues();
        RegistrySource source = source();
        if (source == null || !problems.isEmpty()) {
            return null;
        }
        try {
            return source.registry(properties);
        } catch (InvalidCacheSettingsException refused) {
            problems.addAll(refused.settings());
            return null;
        }
    }

    private boolean wantsRedis() {
        String registry = properties.registry().trim().toLowerCase(Locale.ROOT);
        String asking = redis.host() != null ? HOST : Boolean.TRUE.equals(redis.enabled()) ? ENABLED : null;
        if (registry.equals(REDIS)) {
            if (isOff) {
                refuse(
                        ENABLED,
                        "is false, but '" + REGISTRY + "' is 'redis'.",
                        "Remove " + ENABLED + ", or set " + REGISTRY + " to 'file'.");
            }
            return !isOff;
        }
        if (isOff || asking == null) {
            return false;
        }
        if (registry.equals("file") || registry.equals("s3")) {
            refuse(
                    REGISTRY,
                    "is '" + registry + "', but '" + asking + "' asks for Redis.",
                    "Remove " + asking + ", set " + ENABLED + " to false, or set " + REGISTRY + " to 'redis'.");
            return false;
        }
        return true;
    }

    /** What belongs to a host does not pass in silence without one: nothing would connect with it. */
    private void checkConnection() {
        if (isOff || redis.host() != null) {
            return;
        }
        checkHost(USERNAME, redis.username() != null);
        checkHost(PASSWORD, redis.password() != null);
        checkHost(SSL, redis.ssl().isEnabled());
    }

    private void checkHost(String property, boolean isSet) {
        if (isSet) {
            refuse(
                    property,
                    "is set, but '" + HOST + "' is not, so nothing would connect with it.",
                    "Set " + HOST + ", or remove " + property
                            + "; the application's own connection has spring.data.redis.*.");
        }
    }

    private void checkValues() {
        if (redis.host() != null && MORE_THAN_A_HOST.matcher(redis.host()).matches()) {
            // and its value is not shown, since a URL may have a password in it
            refuse(
                    HOST,
                    "is not a host alone: it is a URL, a list, or has a port or a space in it.",
                    "Set " + HOST + " to the name or the address alone, for instance redis.example.org, and beside it "
                            + PORT + ", " + USERNAME + ", " + PASSWORD + ", " + SSL + " and " + DATABASE
                            + ", where they are not the default.");
        }
        if (redis.port() < 1 || redis.port() > LAST_PORT) {
            refuse(PORT, "is " + redis.port() + ".", "Set " + PORT + " to 1 to " + LAST_PORT + ", usually 6379.");
        }
        if (redis.database() < 0) {
            refuse(DATABASE, "is negative (" + redis.database() + ").", "Set " + DATABASE + " to 0 or more.");
        }
        if (!RedisRegistrySettings.isNamespace(redis.namespace())) {
            refuse(
                    NAMESPACE,
                    "is '" + redis.namespace() + "'.",
                    "Set " + NAMESPACE + " to 1 to 100 letters, digits and . _ : -, for instance shop.");
        }
        Duration lease = redis.lease();
        if (!RedisRegistrySettings.isLease(lease)) {
            refuse(LEASE, "is " + lease + ".", "Set " + LEASE + " to 300ms to 1d, for instance 30s.");
            return;
        }
        Duration timeout = redis.timeout();
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(lease.dividedBy(3)) > 0) {
            refuse(
                    TIMEOUT,
                    "is " + timeout + ", but a command has more than no time and at most a third of '" + LEASE + "' ("
                            + lease + ").",
                    "Set " + TIMEOUT + " to less, for instance 2s, or raise " + LEASE + ".");
        }
    }

    private @Nullable RegistrySource source() {
        Optional<RegistrySource> source =
                sources.stream().filter(known -> known.name().equals(REDIS)).findFirst();
        if (source.isEmpty()) {
            String property = redis.host() != null ? HOST : redis.enabled() != null ? ENABLED : REGISTRY;
            refuse(
                    property,
                    "asks for Redis, but Spring Data Redis and Lettuce are not on the class path.",
                    "Add org.springframework.boot:spring-boot-starter-data-redis:" + SpringBootVersion.getVersion()
                            + " to the dependencies, or remove " + property + ".");
        }
        return source.orElse(null);
    }

    private void refuse(String property, String what, String action) {
        problems.add(new InvalidSetting(property, "The property '" + property + "' " + what, action));
    }
}
