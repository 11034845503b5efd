// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.redis.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Children on one root, each behind a proxy of its own, what is done to them, and what they did. */
final class Children implements AutoCloseable {

    private static final Duration DELAY = Duration.ofMillis(60);

    private final Path folder;
    private final Path root;
    private final RandomGenerator random;
    private final IntFunction<Setup> setup;
    private final History history;
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private int started;

    private record Running(int number, ChildProcess process, Path journal) {}

    /** @param setup of a child whose proxy has that port */
    Children(Path folder, Path root, RandomGenerator random, IntFunction<Setup> setup) {
        this.folder = folder;
        this.root = root;
        this.random = random;
        this.setup = setup;
        this.history = new History(setup.apply(0));
    }

    History history() {
        return history;
    }

    void start(int count, int port) throws IOException {
        for (int child = 0; child < count; child++) {
            proxies.add(new TcpProxy(port));
            running.add(start(child));
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
                setup.apply(proxies.get(child).port()).word());
        return new Running(number, process, journal);
    }

    void awaitWork() {
        running.forEach(child -> awaitWork(child, Duration.ofMinutes(1)));
    }

    private static void awaitWork(Running child, Duration atMost) {
        long begin = System.nanoTime();
        while (child.process().isAlive() && !hasWorked(child) && System.nanoTime() - begin < atMost.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Its journal is there before its manager is. */
    private static boolean hasWorked(Running child) {
        try {
            return Files.exists(child.journal())
                    && Files.readString(child.journal()).contains(" " + Event.Phase.DID + " ");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits until a child came to do something, but not long: it may stand still, or be cut off. */
    void awaitWork(int child) {
        awaitWork(running.get(child), Duration.ofSeconds(6));
    }

    void note(Fault fault) {
        history.events.add(new Event(
                -1, System.nanoTime(), "-", Event.Phase.FAULT, fault.kind().name(), "-", "-", fault.toString()));
    }

    /**
     * Lets a fault of a child or its connections begin.
     *
     * @return what ends it, if something has to
     */
    Faults.@Nullable Work harm(Fault fault) throws IOException, InterruptedException {
        note(fault);
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
            case SLOW -> {
                proxy.delay(DELAY);
                return () -> proxy.delay(Duration.ZERO);
            }
            case BREAK -> proxy.breakConnections();
            default -> throw new IllegalArgumentException(fault + " is none of a child");
        }
        return null;
    }

    private void bury(Running child) throws IOException, InterruptedException {
        child.process().kill();
        child.process().awaitDeath();
        history.add(child.number(), child.journal(), child.process().killed(), System.nanoTime());
    }

    /** All of them. */
    void bury() throws IOException, InterruptedException {
        while (!running.isEmpty()) {
            bury(running.remove(running.size() - 1));
        }
    }

    /**
     * Nobody holds anything any more, and everybody lives: it is for their sweeps to find what is not needed.
     *
     * @return what happened so far
     */
    History calm() throws IOException, InterruptedException {
        for (Running child : running) {
            child.process().commands().write('c');
            child.process().commands().flush();
        }
        for (Running child : running) {
            awaitCalm(child);
        }
        History soFar = new History(setup.apply(0));
        soFar.actions.addAll(history.actions);
        soFar.events.addAll(history.events);
        for (Running child : running) {
            soFar.add(child.number(), child.journal(), Long.MAX_VALUE, System.nanoTime());
        }
        return soFar;
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

    /** Of whoever sweeps when all are dead. */
    CacheListener lastListener() {
        return new CacheListener() {
            @Override
            public void wiped(CacheId id, URI location) {
                history.events.add(
                        new Event(-1, System.nanoTime(), "-", Event.Phase.WIPED, "-", "-", id.value(), "last sweep"));
            }
        };
    }

    @Override
    public void close() {
        running.forEach(child -> child.process().kill());
        proxies.forEach(TcpProxy::close);
    }
}
