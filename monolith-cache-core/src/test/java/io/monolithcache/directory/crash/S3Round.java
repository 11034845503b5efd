// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Children on one bucket, each behind a proxy of its own, which are killed, stand still, and are cut off. Then
 * everything is mended, they let go of all they hold, and their sweeps have to leave nothing that nobody needs; then
 * they are killed, and fresh owners have to leave nothing of them, nor anything that the horizon had kept.
 */
final class S3Round {

    private static final int CHILDREN = 4;

    /** Some are killed while their JVM starts. */
    private static final int EARLY = 8;

    private static final Duration LONGEST_LIFE = Duration.ofMillis(1_500);

    /** A lease and a sweep, and as much as a busy machine may add: at a load of 10, 30 seconds were not enough. */
    private static final Duration CALM = Duration.ofMinutes(3);

    private final Path root;
    private final Random random;
    private final S3Server server;
    private final String bucket;
    private final List<Fault> schedule;
    private final Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
    private final Children children;

    S3Round(Path folder, S3Server server, long seed, int kills) {
        this.root = folder.resolve("root");
        this.random = new Random(seed);
        this.server = server;
        this.bucket = server.bucket();
        this.schedule = Fault.overS3(random, kills, CHILDREN);
        this.children = new Children(folder, root, random, port -> new S3Setup(port, bucket));
    }

    History history() {
        return children.history();
    }

    Map<Fault.Kind, Integer> faults() {
        return faults;
    }

    List<String> run() throws IOException, InterruptedException {
        try (S3Client admin = server.client()) {
            S3Remains remains = new S3Remains(admin, bucket);
            children.start(CHILDREN, server.port());
            Faults.carryOut(schedule, this::begin);
            Judge judge = new Judge(children.calm());
            List<String> violations = new ArrayList<>(
                    left("after everybody let go", judge, remains, () -> remains.violations(judge::mayBeLocked)));
            children.bury();
            violations.addAll(last(admin, remains));
            violations.addAll(new Judge(history()).violations());
            return violations;
        } finally {
            children.close();
        }
    }

    private Faults.@Nullable Work begin(Fault fault) throws IOException, InterruptedException {
        faults.merge(fault.kind(), 1, Integer::sum);
        if (fault.kind() == Fault.Kind.KILL && random.nextInt(EARLY) > 0) {
            children.awaitWork(fault.child());
            // a schedule that is late would kill each at its first step
            LockSupport.parkNanos(random.nextLong(LONGEST_LIFE.toNanos()));
        }
        return children.harm(fault);
    }

    /** Waits until nothing is left that should not be, but not for ever. */
    private static List<String> left(String when, Judge judge, S3Remains remains, Supplier<List<String>> violations) {
        long end = System.nanoTime() + CALM.toNanos();
        List<String> found = new ArrayList<>(violations.get());
        while (!found.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            found = new ArrayList<>(violations.get());
        }
        for (String locked : judge.surelyLocked()) {
            if (!remains.caches().contains(locked)) {
                found.add("locked and gone: " + locked);
            }
        }
        return found.stream().map(violation -> when + ": " + violation).toList();
    }

    /** By a fresh owner, when all are dead; and by one more, who looks at everything once more in the end. */
    private List<String> last(S3Client client, S3Remains remains) {
        Judge judge = new Judge(history());
        List<String> violations = new ArrayList<>();
        try (CacheManager manager = manager(client)) {
            violations.addAll(left("after all died", judge, remains, () -> {
                manager.sweep();
                return remains.violations(judge::mayBeLocked);
            }));
        }
        try (CacheManager manager = manager(client)) {
            violations.addAll(left("in the end", judge, remains, () -> {
                manager.sweep();
                return remains.violationsInTheEnd(judge::mayBeLocked);
            }));
        }
        return violations;
    }

    private CacheManager manager(S3Client client) {
        CacheManagerBuilder builder = CacheManager.builder()
                .root(root)
                .sweepInterval(Duration.ZERO)
                .wipe(WipeMode.SYNCHRONOUS)
                .listener(children.lastListener());
        return new S3Setup(server.port(), bucket).quietly(builder, client).build();
    }
}
