// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Children on one root and one Redis, each behind a proxy of its own, while a schedule of faults is carried out. Then
 * everything is mended, the children let go of all they hold, and their sweeps have to leave nothing that nobody needs;
 * then they are killed, and a fresh owner has to leave nothing of them.
 */
final class ChaosRound {

    private static final int CHILDREN = 4;
    private static final String NAMESPACE = "chaos";
    private static final String APPEND_ONLY_FILE = "appendonly.aof";

    /** Two leases and a sweep, and as much as a busy machine may add. */
    private static final Duration CALM = Duration.ofSeconds(30);

    private final Path folder;
    private final Path root;
    private final List<Fault> schedule;
    private final Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
    private final Children children;

    ChaosRound(Path folder, long seed, Duration length) {
        this.folder = folder;
        this.root = folder.resolve("root");
        Random random = new Random(seed);
        this.schedule = Fault.overRedis(random, length, CHILDREN);
        this.children = new Children(folder, root, random, port -> new RedisSetup(port, NAMESPACE));
    }

    History history() {
        return children.history();
    }

    Map<Fault.Kind, Integer> faults() {
        return faults;
    }

    List<String> run() throws IOException, InterruptedException {
        Files.createDirectories(root);
        try (RedisServer redis =
                RedisServer.start(folder, "--appendonly", "yes", "--appendfsync", "no", "--loglevel", "warning")) {
            try {
                children.start(CHILDREN, redis.port());
                children.awaitWork();
                Faults.carryOut(schedule, fault -> begin(fault, redis));
                List<String> violations = left("after everybody let go", redis, new Judge(children.calm()), () -> {});
                children.bury();
                violations.addAll(last(redis));
                return violations;
            } finally {
                children.close();
            }
        }
    }

    /** What ends it, if something has to. */
    private Faults.@Nullable Work begin(Fault fault, RedisServer redis) throws IOException, InterruptedException {
        faults.merge(fault.kind(), 1, Integer::sum);
        switch (fault.kind()) {
            case SCRIPT_FLUSH -> command(redis, "SCRIPT FLUSH");
            case CLIENT_KILL -> command(redis, "CLIENT KILL TYPE normal");
            case FLUSHALL -> command(redis, "FLUSHALL");
            case SNAPSHOT ->
                Files.copy(
                        folder.resolve(APPEND_ONLY_FILE),
                        folder.resolve("snapshot"),
                        StandardCopyOption.REPLACE_EXISTING);
            case RESTART -> restart(redis, fault.length(), null);
            case RESTART_EMPTY -> restart(redis, fault.length(), Files.createTempFile(folder, "empty", ""));
            case RESTART_OLDER -> {
                Path snapshot = folder.resolve("snapshot");
                restart(redis, fault.length(), Files.exists(snapshot) ? snapshot : null);
            }
            default -> {
                return children.harm(fault);
            }
        }
        children.note(fault);
        return null;
    }

    private static void restart(RedisServer redis, Duration down, @Nullable Path memory) throws IOException {
        redis.kill();
        if (memory != null) {
            Files.copy(memory, memory.resolveSibling(APPEND_ONLY_FILE), StandardCopyOption.REPLACE_EXISTING);
        }
        LockSupport.parkNanos(down.toNanos());
        redis.startAgain();
    }

    private static void command(RedisServer redis, String line) {
        redis.tell(line);
    }

    /** Waits until nothing is left that should not be, but not for ever. */
    private List<String> left(String when, RedisServer redis, Judge judge, Runnable sweep) throws IOException {
        try (RedisServer.Admin admin = redis.admin()) {
            RedisRemains remains = new RedisRemains(root.resolve("monolith-cache"), admin.commands(), NAMESPACE);
            long end = System.nanoTime() + CALM.toNanos();
            List<String> violations = new ArrayList<>();
            do {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                sweep.run();
                violations.clear();
                violations.addAll(remains.violations(judge::mayBeLocked));
            } while (!violations.isEmpty() && System.nanoTime() - end < 0);
            for (String locked : judge.surelyLocked()) {
                if (!remains.caches().contains(locked)) {
                    violations.add("locked and gone: " + locked);
                }
            }
            return violations.stream()
                    .map(violation -> when + ": " + violation)
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    /** By a fresh owner, when all are dead. */
    private List<String> last(RedisServer redis) throws IOException {
        Path journal = folder.resolve("journal-last");
        try (CacheManager manager = new RedisSetup(redis.port(), NAMESPACE)
                .with(
                        CacheManager.builder()
                                .root(root)
                                .sweepInterval(Duration.ZERO)
                                .wipe(WipeMode.SYNCHRONOUS)
                                .listener(children.lastListener()),
                        "last",
                        new Journal(journal, true))
                .build()) {
            List<String> violations = left("after all died", redis, new Judge(history()), manager::sweep);
            violations.addAll(new Judge(history()).violations());
            return violations;
        }
    }
}
