// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.redis.RedisServer;
import io.monolithcache.directory.redis.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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
    private final Random random;
    private final List<Fault> schedule;
    private final Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
    private final History history = new History(new RedisSetup(0, NAMESPACE));
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private int started;

    private record Running(int number, ChildProcess process, Path journal) {}

    private record Step(long at, Work work) {}

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    ChaosRound(Path folder, long seed, Duration length) {
        this.folder = folder;
        this.root = folder.resolve("root");
        this.random = new Random(seed);
        this.schedule = Fault.schedule(random, length, CHILDREN);
    }

    History history() {
        return history;
    }

    Map<Fault.Kind, Integer> faults() {
        return faults;
    }

    List<String> run() throws IOException, InterruptedException {
        Files.createDirectories(root);
        try (RedisServer redis =
                RedisServer.start(folder, "--appendonly", "yes", "--appendfsync", "no", "--loglevel", "warning")) {
            try {
                for (int child = 0; child < CHILDREN; child++) {
                    proxies.add(new TcpProxy(redis.port()));
                    running.add(start(child));
                }
                awaitWork();
                carryOut(redis);
                List<String> violations = calm(redis);
                bury();
                violations.addAll(last(redis));
                return violations;
            } finally {
                running.forEach(child -> child.process().kill());
                proxies.forEach(TcpProxy::close);
            }
        }
    }

    private Running start(int child) throws IOException {
        int number = started++;
        Path journal = folder.resolve("journal-" + number);
        ChildProcess process = ChildProcess.start(
                Child.class,
                folder.resolve("output-" + number),
                root.toString(),
                journal.toString(),
                String.valueOf(random.nextLong()),
                new RedisSetup(proxies.get(child).port(), NAMESPACE).word());
        return new Running(number, process, journal);
    }

    private void awaitWork() {
        for (Running child : running) {
            while (child.process().isAlive() && !Files.exists(child.journal())) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    /** The random moments are what is tested here. */
    private void carryOut(RedisServer redis) throws IOException, InterruptedException {
        PriorityQueue<Step> steps = new PriorityQueue<>(Comparator.comparingLong(Step::at));
        long begin = System.nanoTime();
        for (Fault fault : schedule) {
            long at = begin + fault.at().toNanos();
            steps.add(new Step(at, () -> {
                Work end = begin(fault, redis);
                if (end != null) {
                    steps.add(new Step(System.nanoTime() + fault.length().toNanos(), end));
                }
            }));
        }
        while (!steps.isEmpty()) {
            Step next = steps.remove();
            for (long left = next.at() - System.nanoTime(); left > 0; left = next.at() - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            next.work().run();
        }
    }

    /** @return what ends it, if something has to */
    private @Nullable Work begin(Fault fault, RedisServer redis) throws IOException, InterruptedException {
        faults.merge(fault.kind(), 1, Integer::sum);
        history.events.add(new Event(
                -1, System.nanoTime(), "-", Event.Phase.FAULT, fault.kind().name(), "-", "-", fault.toString()));
        TcpProxy proxy = proxies.get(fault.child());
        switch (fault.kind()) {
            case KILL -> {
                bury(running.get(fault.child()));
                running.set(fault.child(), start(fault.child()));
            }
            case STOP_BRIEFLY, STOP_LONG -> {
                ChildProcess process = running.get(fault.child()).process();
                process.signal("STOP");
                return () -> {
                    if (process.isAlive()) {
                        process.signal("CONT");
                    }
                };
            }
            case CUT_BRIEFLY, CUT_LONG -> {
                proxy.cut();
                return proxy::mend;
            }
            case STALL_BRIEFLY, STALL_LONG -> {
                proxy.stall(true);
                return () -> proxy.stall(false);
            }
            case BREAK -> proxy.breakConnections();
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
        }
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

    private void bury(Running child) throws IOException, InterruptedException {
        child.process().kill();
        child.process().awaitDeath();
        history.add(child.number(), child.journal(), child.process().killed(), System.nanoTime());
    }

    private void bury() throws IOException, InterruptedException {
        while (!running.isEmpty()) {
            bury(running.remove(running.size() - 1));
        }
    }

    /** Nobody holds anything, and everybody lives: it is for their sweeps to find what is not needed any more. */
    private List<String> calm(RedisServer redis) throws IOException, InterruptedException {
        for (Running child : running) {
            child.process().commands().write('c');
            child.process().commands().flush();
        }
        for (Running child : running) {
            awaitCalm(child);
        }
        History soFar = new History(new RedisSetup(0, NAMESPACE));
        soFar.actions.addAll(history.actions);
        soFar.events.addAll(history.events);
        for (Running child : running) {
            soFar.add(child.number(), child.journal(), Long.MAX_VALUE, System.nanoTime());
        }
        return left("after everybody let go", redis, new Judge(soFar), () -> {});
    }

    private static void awaitCalm(Running child) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!Files.exists(child.journal())
                || !Files.readString(child.journal()).contains(" " + Event.Phase.CALM + " ")) {
            if (!child.process().isAlive()) {
                child.process().awaitDeath();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Child " + child.number() + " does not come to rest");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
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
        CacheListener listener = new CacheListener() {
            @Override
            public void wiped(CacheId id, URI location) {
                history.events.add(
                        new Event(-1, System.nanoTime(), "-", Event.Phase.WIPED, "-", "-", id.value(), "last sweep"));
            }
        };
        Path journal = folder.resolve("journal-last");
        try (CacheManager manager = new RedisSetup(redis.port(), NAMESPACE)
                .with(
                        CacheManager.builder()
                                .root(root)
                                .sweepInterval(Duration.ZERO)
                                .wipe(WipeMode.SYNCHRONOUS)
                                .listener(listener),
                        "last",
                        new Journal(journal, true))
                .build()) {
            List<String> violations = left("after all died", redis, new Judge(history), manager::sweep);
            violations.addAll(new Judge(history).violations());
            return violations;
        }
    }
}
