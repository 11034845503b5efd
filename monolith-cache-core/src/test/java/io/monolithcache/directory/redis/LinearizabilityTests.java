// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.redis.Linearization.Call;
import io.monolithcache.directory.redis.Linearization.Operation;
import io.monolithcache.directory.redis.Linearization.Result;
import io.monolithcache.directory.redis.Linearization.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Three clients at once on one cache: whether what they were told can have happened in one order, with each operation
 * at one instant between its begin and its end. {@link Rules} says which operations are more than one instant. Whoever
 * closes does not wait until that is told, so a release may happen as late as the end of what its client does next.
 */
@Timeout(120)
class LinearizabilityTests {

    private static final int CLIENTS = 3;
    private static final int CALLS = 4;

    @TempDir
    Path folder;

    private final List<CacheManager> managers = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
        RedisRegistrySettings settings =
                new RedisRegistrySettings("line", Duration.ofSeconds(30), Duration.ofSeconds(5));
        for (int client = 0; client < CLIENTS; client++) {
            managers.add(CacheManager.builder()
                    .root(folder.resolve("root"))
                    .registry(
                            new RedisRegistry(settings, () -> new LettuceConnectionFactory("127.0.0.1", server.port())))
                    .sweepInterval(Duration.ZERO)
                    .build());
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        managers.forEach(CacheManager::close);
        server.close();
    }

    @Test
    void operationsOfSeveralClientsHappenInOneOrder() throws Exception {
        long seed = Long.getLong("monolith.linearizability.seed", System.nanoTime());
        int histories = Integer.getInteger("monolith.linearizability.histories", 400);
        System.out.println(
                "-Dmonolith.linearizability.seed=" + seed + " -Dmonolith.linearizability.histories=" + histories);
        Random random = new Random(seed);
        Map<Rules, Integer> explained = new EnumMap<>(Rules.class);
        for (int number = 0; number < histories; number++) {
            List<Call> history = history(random);
            Rules needed = Linearization.explain(history);
            assertThat(needed)
                    .as("history %s of seed %s: %s", number, seed, printed(history))
                    .isNotNull();
            explained.merge(needed, 1, Integer::sum);
        }
        System.out.println("Linearizable by " + explained);
    }

    private static String printed(List<Call> history) {
        StringBuilder text = new StringBuilder();
        history.stream()
                .sorted(Comparator.comparingLong(Call::begin))
                .forEach(call -> text.append("\n    ").append(call));
        return text.toString();
    }

    /** The first client holds the cache when it begins. */
    private List<Call> history(Random random) throws Exception {
        CacheDirectory created = managers.get(0).create();
        CyclicBarrier barrier = new CyclicBarrier(CLIENTS);
        List<Future<List<Call>>> clients = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            Client client = new Client(number, created.id(), number == 0 ? created : null, random.nextLong());
            clients.add(threads.submit((Callable<List<Call>>) () -> {
                int unused = barrier.await();
                return client.calls();
            }));
        }
        List<Call> history = new ArrayList<>();
        for (Future<List<Call>> client : clients) {
            history.addAll(client.get());
        }
        return history;
    }

    private final class Client {

        private final int number;
        private final CacheId id;
        private final Random random;
        private final CacheManager manager;
        private @Nullable CacheDirectory handle;

        Client(int number, CacheId id, @Nullable CacheDirectory handle, long seed) {
            this.number = number;
            this.id = id;
            this.handle = handle;
            this.random = new Random(seed);
            this.manager = managers.get(number);
        }

        List<Call> calls() {
            List<Call> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(call());
            }
            CacheDirectory open = handle;
            if (open != null) {
                calls.add(measured(Operation.RELEASE, () -> release(open)));
            }
            for (int i = 0; i < calls.size(); i++) {
                Call call = calls.get(i);
                if (call.operation() == Operation.RELEASE) {
                    calls.set(
                            i,
                            call.until(i + 1 < calls.size() ? calls.get(i + 1).end() : Long.MAX_VALUE));
                }
            }
            return calls;
        }

        private Call call() {
            CacheDirectory open = handle;
            return switch (random.nextInt(6)) {
                case 0, 1 ->
                    open == null
                            ? measured(Operation.ATTACH, this::attach)
                            : measured(Operation.RELEASE, () -> release(open));
                case 2 ->
                    measured(open == null ? Operation.LOCK : Operation.LOCK_HELD, () -> {
                        manager.lock(id);
                        return Result.DONE;
                    });
                case 3 ->
                    measured(
                            open == null ? Operation.UNLOCK : Operation.UNLOCK_HELD,
                            () -> manager.unlock(id) ? Result.WIPED : Result.DONE);
                default ->
                    measured(Operation.EVICT, () -> {
                        manager.evict(id);
                        return Result.DONE;
                    });
            };
        }

        private Result attach() {
            handle = manager.attach(id);
            return Result.DONE;
        }

        private Result release(CacheDirectory open) {
            handle = null;
            open.close();
            return Result.DONE;
        }

        private Call measured(Operation operation, Supplier<Result> step) {
            long begin = System.nanoTime();
            Result result = result(step);
            return new Call(number, operation, result, begin, System.nanoTime());
        }

        private Result result(Supplier<Result> step) {
            try {
                return step.get();
            } catch (CacheNotFoundException gone) {
                return Result.NOT_FOUND;
            } catch (CacheInUseException held) {
                return Result.IN_USE;
            } catch (CacheException other) {
                throw new AssertionError("Nothing else may be told", other);
            }
        }
    }
}
