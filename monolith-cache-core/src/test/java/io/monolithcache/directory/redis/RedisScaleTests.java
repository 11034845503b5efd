// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.SweepReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Many records in Redis, and a process of 64 MiB that lists and sweeps them. It prints figures; times are no condition.
 * {@code -Dmonolith.redis.records=1000000} for more.
 */
@Tag("long")
class RedisScaleTests {

    private static final RedisRegistrySettings SETTINGS =
            new RedisRegistrySettings("scale", Duration.ofMinutes(10), Duration.ofSeconds(10));
    private static final int LOT = 2_000;

    @TempDir
    Path folder;

    @Test
    void pagesAndSweepsStayWithin64MiB() throws Exception {
        int records = Integer.getInteger("monolith.redis.records", 20_000);
        try (RedisServer server = RedisServer.start(folder)) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Scenario.class.getName(),
                            folder.toString(),
                            String.valueOf(server.port()),
                            String.valueOf(records))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("figures").toFile())
                    .start();
            boolean ended = child.waitFor(30, TimeUnit.MINUTES);
            child.destroyForcibly();
            String text = Files.readString(folder.resolve("figures"));
            assertThat(ended).as(text).isTrue();
            assertThat(child.exitValue()).as(text).isZero();
            System.out.println(text);
        }
    }

    /** The work of the process. */
    static final class Scenario {

        private static final String DYING = "1-1-0000000000000000.1";
        private static final RedisKeys KEYS = new RedisKeys(SETTINGS.namespace());

        private Scenario() {}

        public static void main(String[] arguments) {
            int port = Integer.parseInt(arguments[1]);
            int records = Integer.parseInt(arguments[2]);
            try (CacheManager manager = CacheManager.builder()
                            .root(Path.of(arguments[0]))
                            .sweepInterval(Duration.ZERO)
                            .registry(
                                    new RedisRegistry(SETTINGS, () -> new LettuceConnectionFactory("127.0.0.1", port)))
                            .build();
                    RedisServer.Admin admin = RedisServer.admin(RedisURI.create("127.0.0.1", port))) {
                manager.create().close();
                String root = admin.commands().smembers(KEYS.roots()).iterator().next();
                List<CacheId> some = fill(admin, root, records);
                long start = System.nanoTime();
                List<CacheDescription> first = manager.list(null, 1_000);
                print("first page of 1,000", start);
                assertThat(first)
                        .hasSize(Math.min(1_000, records))
                        .extracting(CacheDescription::id)
                        .isSorted();
                CacheId middle = some.get(some.size() / 2);
                start = System.nanoTime();
                List<CacheDescription> page = manager.list(middle, 1_000);
                print("a page from the middle", start);
                assertThat(page).allMatch(found -> found.id().compareTo(middle) > 0);
                bringHere(admin, root);
                start = System.nanoTime();
                SweepReport idle = manager.sweep();
                print("a sweep of everything, with nothing to do", start);
                assertThat(idle.directories() + idle.references()).isZero();
                forget(admin);
                start = System.nanoTime();
                SweepReport report = manager.sweep();
                print("a sweep after the only owner died", start);
                assertThat(report.references()).isEqualTo(records);
                assertThat(manager.list(null, 10)).isEmpty();
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.printf(
                        "%d records; %d MiB of heap are used at the end, of 64%n",
                        records, (runtime.totalMemory() - runtime.freeMemory()) >> 20);
            }
        }

        /** Caches of an owner that lives, without their directories; shown as if these were elsewhere. */
        private static List<CacheId> fill(RedisServer.Admin admin, String root, int records) {
            String script = """
                    for i = 1, #ARGV - 1, 2 do
                      redis.call('HSET', '{scale}:cache:' .. ARGV[i], 'phase', 'live', 'epoch', '', 'location', 'file:///none',
                          'root', 'elsewhere', 'created', ARGV[i + 1], 'o:' .. ARGV[#ARGV], '')
                      redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
                    end
                    """;
            admin.commands().set(KEYS.owner(DYING), "host|1|1");
            admin.commands().sadd(KEYS.owners(root), DYING);
            List<CacheId> some = new ArrayList<>();
            List<String> lot = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                CacheId id = CacheId.random(Instant.ofEpochMilli(1_795_000_000_000L + i));
                lot.add(id.value());
                lot.add(String.valueOf(id.time().toEpochMilli()));
                if (i % (records / 10) == 0) {
                    some.add(id);
                }
                if (lot.size() == LOT || i == records - 1) {
                    lot.add(DYING);
                    admin.commands()
                            .eval(
                                    script,
                                    ScriptOutputType.STATUS,
                                    new String[] {KEYS.index(root)},
                                    lot.toArray(String[]::new));
                    lot.clear();
                }
            }
            return some;
        }

        /** A sweep leaves alone what is elsewhere. */
        private static void bringHere(RedisServer.Admin admin, String root) {
            String script = """
                    for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
                      redis.call('HSET', '{scale}:cache:' .. id, 'root', ARGV[1])
                    end
                    """;
            admin.commands().eval(script, ScriptOutputType.STATUS, new String[] {KEYS.index(root)}, root);
        }

        /** The owner of all of them dies, and Redis has remembered everything for long enough. */
        private static void forget(RedisServer.Admin admin) {
            admin.commands().del(KEYS.owner(DYING));
            admin.commands().hset(KEYS.epoch(), "since", "1");
        }

        private static void print(String what, long start) {
            System.out.printf("%s: %,d ms%n", what, (System.nanoTime() - start) / 1_000_000);
        }
    }
}
