// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.LogWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** {@link RestrictedRedis#COMMANDS} are enough, as the contract shows, and none of them is too many. */
class LeastRightsTests extends SingleFailures {

    @RegisterExtension
    static final RestrictedRedis redis = new RestrictedRedis();

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    static Stream<String> rights() {
        return Arrays.stream(RestrictedRedis.COMMANDS.split(" "));
    }

    @AfterEach
    void allowAgain() {
        redis.allow(RestrictedRedis.keys("*"), RestrictedRedis.COMMANDS);
    }

    /** All that a registry does. */
    private void everything() {
        admin().scriptFlush();
        TestOwner dying = owner();
        TestOwner owner = owner();
        CacheId id = owner.create();
        dying.registry.attach(id);
        owner.registry.lock(id, null);
        try {
            dying.registry.evict(id);
        } catch (CacheInUseException refused) {
            // as it has to be
        }
        dying.create();
        // its next heartbeat would bring it back
        dying.way.cut();
        endLease(dying.name());
        owner.registry.sweep();
        owner.registry.unlock(id);
        owner.registry.ids(null, 10);
        owner.registry.release(id);
        if (owner.isThere(id) || admin().exists(keys.cache(id)) == 1) {
            throw new CacheBackendException("It is still there", null);
        }
    }

    @Test
    void theyAreEnough() {
        everything();
    }

    @ParameterizedTest
    @MethodSource("rights")
    void noneIsTooMany(String right) {
        redis.allow(
                RestrictedRedis.keys("*"),
                rights().filter(other -> !other.equals(right)).collect(Collectors.joining(" ")));

        try (LogWatch quiet = new LogWatch()) {
            assertThatExceptionOfType(CacheBackendException.class).isThrownBy(this::everything);
        }
    }

    @Test
    void theKeysAreThoseOfTheNamespace() {
        redis.allow(RestrictedRedis.keys(settings.namespace()), RestrictedRedis.COMMANDS);
        everything();

        redis.allow(RestrictedRedis.keys("another"), RestrictedRedis.COMMANDS);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> owner().create());
    }

    @Test
    void thePageTellsThem() throws IOException {
        assertThat(Files.readString(Path.of("../docs/redis.md")))
                .contains(RestrictedRedis.keys("monolith") + " " + RestrictedRedis.COMMANDS);
    }
}
