// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.WipeMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Several children on one root, killed one after the other at random moments and replaced, and at last all of them. */
final class Round {

    private static final int AT_ONCE = 4;

    /** Beyond the timed locks of the children, so that none of them is left. */
    private static final Duration LATER = Duration.ofHours(1);

    private final Path folder;
    private final Path root;
    private final Random random;
    private final History history = new History(new FileSetup());
    private final List<Running> running = new ArrayList<>();
    private int started;

    private record Running(int number, ChildProcess process, Path journal) {}

    Round(Path folder, long seed) {
        this.folder = folder;
        this.root = folder.resolve("root");
        this.random = new Random(seed);
    }

    /** Kills that many children, and returns what was found to violate a rule. */
    List<String> run(int kills) throws IOException, InterruptedException {
        try {
            while (running.size() < Math.min(AT_ONCE, kills)) {
                start();
            }
            while (started < kills) {
                Running next = running.remove(random.nextInt(running.size()));
                awaitWork(next);
                pause();
                bury(next, true);
                start();
            }
            if (kills <= AT_ONCE) {
                awaitFirstSteps(running.get(0));
            } else {
                awaitWork(running.get(running.size() - 1));
                pause();
            }
        } finally {
            running.forEach(child -> child.process().kill());
        }
        for (Running last : running) {
            bury(last, false);
        }
        return judge();
    }

    History history() {
        return history;
    }

    private void start() throws IOException {
        int number = started++;
        Path journal = folder.resolve("journal-" + number);
        ChildProcess process = ChildProcess.start(
                Child.class,
                folder.resolve("output-" + number),
                root.toString(),
                journal.toString(),
                String.valueOf(random.nextLong()),
                new FileSetup().word());
        running.add(new Running(number, process, journal));
    }

    /** Most children come to do something before they are killed; some are killed while their JVM starts. */
    private void awaitWork(Running child) {
        boolean early = random.nextInt(8) == 0;
        while (!early && child.process().isAlive() && !Files.exists(child.journal())) {
            // a busy parent would take the time from its children
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** A short round kills while the root is being made. */
    private void awaitFirstSteps(Running child) {
        while (child.process().isAlive() && !Files.exists(root)) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(10)));
    }

    /** The random moment is what is tested here. */
    private void pause() {
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(120)));
    }

    private void bury(Running child, boolean alive) throws IOException, InterruptedException {
        if (alive) {
            child.process().kill();
        }
        child.process().awaitDeath();
        history.add(child.number(), child.journal(), child.process().killed(), System.nanoTime());
    }

    private List<String> judge() throws IOException {
        Remains remains = new Remains(root.resolve("monolith-cache"));
        Judge beforeSweep = new Judge(history);
        List<String> violations = new ArrayList<>();
        for (String locked : beforeSweep.surelyLocked()) {
            if (!remains.caches().contains(locked)) {
                violations.add("locked and gone: " + locked);
            }
        }
        if (Files.isDirectory(root)) {
            sweep();
        }
        Judge judge = new Judge(history);
        violations.addAll(judge.violations());
        violations.addAll(remains.violations(judge::mayBeLocked));
        return violations;
    }

    /** Once, by a fresh owner. */
    private void sweep() {
        try (CacheManager manager = CacheManager.builder()
                .root(root)
                .clock(Clock.offset(Clock.systemUTC(), LATER))
                .sweepInterval(Duration.ZERO)
                .wipe(WipeMode.SYNCHRONOUS)
                .listener(new CacheListener() {
                    @Override
                    public void wiped(CacheId id, URI location) {
                        history.events.add(new Event(
                                -1, System.nanoTime(), "-", Event.Phase.WIPED, "-", "-", id.value(), "last sweep"));
                    }
                })
                .build()) {
            if (!Files.exists(root.resolve("monolith-cache/.monolith/format"))) {
                // all were killed before the root was complete: the first who uses it makes it so
                manager.create().close();
            }
            SweepReport report = manager.sweep();
            if (report.skipped() != null) {
                throw new AssertionError("The last sweep was skipped: " + report);
            }
        }
    }
}
