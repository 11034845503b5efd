// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** More than a script can hold on its stack. */
class ThousandsOfOwnersTests extends SingleFailures {

    private static final int MANY = 9_000;

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    /** Nothing here ends by itself. */
    ThousandsOfOwnersTests() {
        super(Duration.ofMinutes(1));
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    private void reference(CacheId id) {
        String script = """
                for i = 1, tonumber(ARGV[1]) do
                  redis.call('HSET', KEYS[1], 'o:' .. i .. '-1-0.1', '')
                  redis.call('SET', ARGV[2] .. i .. '-1-0.1', 'host|' .. i .. '|1')
                end
                """;
        admin().eval(
                        script,
                        ScriptOutputType.STATUS,
                        new String[] {keys.cache(id)},
                        String.valueOf(MANY),
                        keys.owner(""));
    }

    @Test
    void allOwnersOfACacheAreTold() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        reference(id);

        assertThat(owner.registry.find(id).orElseThrow().owners()).hasSize(MANY + 1);
    }

    @Test
    void aCacheOfThousandsIsInUse() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        reference(id);

        assertThatExceptionOfType(CacheInUseException.class)
                .isThrownBy(() -> owner.registry.evict(id))
                .satisfies(inUse -> assertThat(inUse.owners()).hasSize(MANY + 1));
    }

    @Test
    void aSweepRemovesWhatThousandsOfDeadHavePrepared() throws IOException {
        TestOwner owner = livingOwner();
        Path prepared = place.resolve("monolith-cache/.monolith/prepared");
        for (int i = 1; i <= MANY; i++) {
            Files.createDirectory(prepared.resolve(i + "-1-0123456789abcdef"));
        }
        ageEpoch();

        assertThat(owner.registry.sweep().skipped()).isNull();

        try (Stream<Path> left = Files.list(prepared)) {
            assertThat(left).hasSize(1);
        }
    }
}
