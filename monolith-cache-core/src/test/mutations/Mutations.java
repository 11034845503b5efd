// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows that the tests of the directory protocol can fail: breaks a copy of the sources in one place after the other,
 * and runs them. Nothing in the sources themselves is made for this.
 *
 * <pre>
 * java monolith-cache-core/src/test/mutations/Mutations.java [-Dmonolith.crash.kills=200 …] [part of a name …]
 * java monolith-cache-core/src/test/mutations/Mutations.java redis:
 * java monolith-cache-core/src/test/mutations/Mutations.java check
 * </pre>
 *
 * Run in the root of the project; what begins with a minus goes to Maven. The first row is the unbroken protocol.
 * {@code check} only tells which mutations do not fit the sources any more.
 */
public class Mutations {

    private static final Path MAIN = Path.of("monolith-cache-core/src/main/java/io/monolithcache");
    private static final Path REPORTS = Path.of("monolith-cache-core/target/surefire-reports");
    private static final String REGISTRY = "directory/local/FileReferenceRegistry.java";
    private static final String SWEEP = "directory/local/FileSweep.java";
    private static final String LIVENESS = "owner/Liveness.java";

    private static final String REDIS = "directory/redis/";
    private static final String LUA = "../../../resources/io/monolithcache/directory/redis/";

    /** A registry, with the tests that its mutations are tried on. */
    enum Suite {
        FILES,
        REDIS,
        S3;

        private final Map<String, String> tests = new LinkedHashMap<>();

        static {
            FILES.tests.put("state machine", "model.StateMachineTests");
            FILES.tests.put("crash harness", "crash.CrashTests");
            FILES.tests.put("thread races", "crash.ThreadRaceTests");
            FILES.tests.put("process races", "crash.ProcessRaceTests");
            FILES.tests.put("pauses", "crash.PauseTests");
            REDIS.tests.put("chaos", "crash.ChaosTests");
            REDIS.tests.put("linearizability", "redis.LinearizabilityTests");
            REDIS.tests.put("contract", "redis.RedisReferenceRegistryTests");
            REDIS.tests.put("owners", "redis.RedisOwnerTests");
            REDIS.tests.put("lapsed", "redis.LapsedLeaseTests");
            REDIS.tests.put("forgetful", "redis.ForgetfulRedisTests");
            REDIS.tests.put("broken", "redis.BrokenConnectionTests");
            REDIS.tests.put("renewed", "redis.RenewedLeaseTests");
            REDIS.tests.put("in doubt", "redis.ReleaseInDoubtTests");
            REDIS.tests.put("left mark", "redis.LeftMarkTests");
            REDIS.tests.put("whose mark", "redis.WhoseMarkTests");
            REDIS.tests.put("restored lock", "redis.RestoredLockTests");
            REDIS.tests.put("broken off", "redis.BrokenOffStepTests");
            S3.tests.put("simulation", "s3.SimulationTests");
            S3.tests.put("states", "s3.StateFaultTests");
            S3.tests.put("leases", "s3.LeaseTests");
            S3.tests.put("sweeps", "s3.S3SweepTests");
            S3.tests.put("contract", "s3.S3ReferenceRegistryTests");
        }
    }

    record Change(String file, String old, String replacement) {

        String in(String source) {
            int first = source.indexOf(old);
            if (first < 0 || source.indexOf(old, first + 1) >= 0) {
                throw new IllegalStateException("'" + old + "' is not there once in " + file);
            }
            return source.replace(old, replacement);
        }
    }

    record Mutation(Suite suite, String name, List<Change> changes) {}

    private static final List<Mutation> ALL = new ArrayList<>();

    private static void mutation(String name, String... fileOldNew) {
        mutation(Suite.FILES, name, fileOldNew);
    }

    private static void redis(String name, String... fileOldNew) {
        mutation(Suite.REDIS, "redis: " + name, fileOldNew);
    }

    private static void s3(String name, String... fileOldNew) {
        String[] below = fileOldNew.clone();
        for (int i = 0; i < below.length; i += 3) {
            below[i] = "directory/s3/" + below[i] + ".java";
        }
        mutation(Suite.S3, "s3: " + name, below);
    }

    private static void mutation(Suite suite, String name, String... fileOldNew) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < fileOldNew.length; i += 3) {
            changes.add(new Change(fileOldNew[i], fileOldNew[i + 1], fileOldNew[i + 2]));
        }
        ALL.add(new Mutation(suite, name, changes));
    }

    static {
        mutation("none");
        mutation("owner file visible before it is locked",
                "owner/Owner.java", "owners.resolve(NEW + name)", "owners.resolve(name.toString())");
        mutation("sweep reads owner files before refs",
                SWEEP, "        try (Liveness.Dead dead = liveness.lockDead()) {", """
                        Set<String> present;
                        try (Stream<Path> files = Files.list(root.layout().owners())) {
                            present = files.map(file -> file.getFileName().toString())
                                    .collect(java.util.stream.Collectors.toSet());
                        }
                        this.present = present;
                        try (Liveness.Dead dead = liveness.lockDead()) {""",
                SWEEP, "    private SweepReport sweep() throws", "    private Set<String> present = Set.of();\n\n    private SweepReport sweep() throws",
                SWEEP, "(!liveness.hasFile(owner) && root.isIntact())", "!present.contains(owner)");
        mutation("refs listed before caches in sweepUnreferenced",
                SWEEP, "        try (Stream<CacheId> ids = storage.list()) {", """
                        Set<CacheId> referenced = Disk.call("", () -> {
                            try (Stream<CacheId> refs = LocalDirectoryStorage.ids(root.layout().refs())) {
                                return refs.collect(java.util.stream.Collectors.toSet());
                            }
                        });
                        try (Stream<CacheId> ids = storage.list()) {""",
                SWEEP, "Disk.isAbsent(root.layout().refs(id))", "!referenced.contains(id)");
        mutation("drop renames the cache before rmdir",
                REGISTRY, "        if (files.removeFolder(id) != Removal.DONE) {\n            return false;\n        }\n        wipe(id);\n        return true;", """
                        Optional<References> left = References.read(layout.refs(id));
                        if (left.isEmpty() || !left.get().owners().isEmpty() || !left.get().locks().isEmpty()) {
                            return false;
                        }
                        wipe(id);
                        return files.removeFolder(id) == Removal.DONE;""");
        mutation("release does not rmdir",
                REGISTRY, "            drop(id);\n        } catch (IOException | CacheBackendException failure) {\n            log.warn(",
                "            if (id.value().isEmpty()) {\n                drop(id);\n            }\n        } catch (IOException | CacheBackendException failure) {\n            log.warn(");
        mutation("attach makes a missing refs/<id>",
                REGISTRY, "storage.isThere(id) && referenceInPlace(id, me)",
                "storage.isThere(id) && (layout.refs(id).toFile().mkdir() || true) && referenceInPlace(id, me)");
        mutation("evict opens and closes the file of an own owner",
                LIVENESS, "        if (isOwn(owner)) {\n            return true;",
                "        if (isOwn(owner)) {\n            FileChannel.open(owners.resolve(owner), StandardOpenOption.WRITE).close();\n            return true;");
        mutation("sweep probes the owners of its own process",
                LIVENESS, " && !isOwn(owner)) {", ") {");
        mutation("create publishes the cache before its reference",
                REGISTRY, "        boolean referenced = Disk.call(",
                "        storage.publish(prepared == null ? storage.prepare() : prepared.directory(), id, metadata);\n        boolean referenced = Disk.call(",
                REGISTRY, "            storage.publish(prepared == null ? storage.prepare() : prepared.directory(), id, metadata);\n        } catch",
                "            life.requireInPlace(me);\n        } catch");
        mutation("evict trusts its listing and renames before rmdir",
                REGISTRY, "            switch (files.removeFolder(id)) {", "            wipe(id);\n            switch (files.removeFolder(id)) {");
        mutation("evict that is refused late leaves the cache unlocked",
                REGISTRY, "restore(id, seen.locks())", "restore(id, List.of())");
        mutation("a timed lock removes every other lock",
                REGISTRY, "if (lock.until() != null && lock.outlasts(other)) {",
                "if (lock.until() != null && !other.equals(lock)) {");
        mutation("sweep leaves caches without refs",
                SWEEP, "        sweepPrepared();\n        sweepUnreferenced();", "        sweepPrepared();");
        mutation("sweep takes an expired lock for one that stands",
                SWEEP, "if (lock.isExpired(clock.instant())) {", "if (lock.name().isEmpty()) {");
        mutation("forced evict wipes before it takes the refs",
                REGISTRY, "            if (!storage.isThere(id) || ", "            wipe(id);\n            if (");
        mutation("last handle and a new one are not ordered",
                "directory/HeldCache.java", "        return handles.decrementAndGet() == 0;", """
                        if (unshare()) {
                            return false;
                        }
                        handles.set(0);
                        return true;""");
        mutation("metadata are changed without the OS lock",
                "owner/ProcessLocks.java", "FileLock lock = channel.lock()) {", "FileLock lock = channel.lock(System.nanoTime(), 1, false)) {");
        mutation("caches of an owner that ends stay referenced",
                "directory/DefaultCacheManager.java", "        if (cache.isHeld() || cache.untold) {", "        if (cache.untold) {");

        redis("none");
        redis("no question before the rename",
                REDIS + "RedisWipe.java", "if (answer.number(i) == 1) {", "if (answer.number(i) >= 0) {");
        redis("the epoch is not asked",
                LUA + "prelude.lua", "local ripe = since + 2 * lease", "local ripe = since");
        redis("recovery does not look at the disk",
                REDIS + "Recovery.java", "return !look.isThere() || (look.isMarked() && yields);", "return false;");
        redis("release decides about a cache that Redis may not know all of",
                LUA + "release.lua", "if redis.call('HGET', KEYS[2], 'epoch') ~= epoch then", "if epoch == '' then");
        redis("a lapsed owner keeps its name",
                REDIS + "Life.java", "new Life(me.next(), ", "new Life(me, ");
        redis("evict does not ask for leases",
                LUA + "evict.lua", "    if lease then", "    if not lease then",
                LUA + "evict.lua", "      living[#living + 1] = lease\n", "      living[#living + 1] = 'x|1|1'\n");
        redis("attach does not look at the disk",
                REDIS + "RedisReferences.java", "if (!look.isThere() || look.isMarked()) {", "if (look == null) {");
        redis("a lapsed owner turns a wipe back",
                LUA + "register.lua", "if ARGV[9] == '1' or ", "if ");
        redis("sweep decides on what it saw in another epoch",
                LUA + "decide.lua", "if epoch ~= ARGV[3] then", "if not epoch then");
        redis("sweep does not look whether the disk says locked",
                REDIS + "RedisSweep.java", "look.isLocked() ? \"locked\" : \"free\"", "\"free\"");
        redis("an owner that broke off does not recover",
                REDIS + "RedisOwner.java", "if (!answer.epoch().equals(now.epoch())) {", "if (now.epoch().isEmpty()) {",
                REDIS + "RedisLease.java", "if (sameEpoch && answer.is(\"OK\")) {", "if (answer.is(\"OK\")) {");
        redis("a new lease does not renew those before it",
                LUA + "lease.lua", "for i = 6, #KEYS do", "for i = #KEYS + 1, #KEYS do");
        redis("a release in doubt turns a wipe back",
                REDIS + "Recovery.java", "boolean yields = lapsed || released.contains(id);", "boolean yields = lapsed;");
        redis("a mark hides a lock",
                "directory/DirectoryStorage.java", "return locked ? MARKED_AND_LOCKED : MARKED;", "return MARKED;");
        redis("a mark that a wiper has left stays",
                REDIS + "RedisOwner.java", "if (held.stream().anyMatch(this::isMarked)) {", "if (held.isEmpty()) {");
        redis("a wiper that gives up leaves its mark",
                REDIS + "RedisWipe.java", "marked.forEach(id -> giveUp(id, me));", "");
        redis("a wiper that gives up takes every mark away",
                REDIS + "RedisWipe.java", "storage.unmark(id, me);", "storage.unmark(id);");
        redis("nobody minds the end of a lock that is restored",
                LUA + "prelude.lua", "  if stop then\n    due(dues", "  if not stop then\n    due(dues");
        redis("a wipe that is broken off is not noted",
                LUA + "prelude.lua", "  due(dues, idOf(cache), now + lease)\n", "");

        s3("none");
        s3("a reading is good however long it took",
                "StateChain", "if (state != null && isInTime(start)) {", "if (state != null) {");
        s3("a write is good however long it took",
                "StateChain", "outcome == PutOutcome.Known.WRITTEN && isInTime(read.start())", "outcome == PutOutcome.Known.WRITTEN");
        s3("a create is good however long it took", "StateChain", "if (!isInTime(start)) {", "if (false) {");
        s3("whatever is there is a cache, without a first version too",
                "StateChain", "if (!versions.hasFirst()) {", "if (versions.isEmpty()) {");
        s3("who may come to a cache that is being wiped",
                "S3References", "requireLive(id, seen.state());\n                return seen.state().with(", "return seen.state().with(");
        s3("a release does not say that it is the last",
                "S3References", "without(List.of(me.name())).wipingIfUnneeded(time.now(seen.answered()))", "without(List.of(me.name()))");
        s3("an owner that is lost claims what was written in its name",
                "S3Owner", "if (life != then) {", "if (life == null) {");
        s3("what was written by mistake stays", "S3Sweep", "references.correct(me, id);", "");
        s3("a lapsed lease is a dead owner",
                "Liveness", "long mark = links.highest() + 1;", "long mark = links.highest() + 1;\n        if (mark > 0) {\n            return true;\n        }");
        s3("a dead mark is believed although it was refused",
                "Liveness", "if (!isWritten(owner, mark)) {", "if (!isWritten(owner, mark) && mark < 0) {");
        s3("a dead mark is believed although it is not the highest",
                "Liveness", "!now.isEmpty() && now.highest() == mark && now.isDeadMark()", "true");
        s3("an owner without a chain lives",
                "Liveness", "if (links.isEmpty() || links.isDeadMark()) {", "if (links.isEmpty()) {\n            return false;\n        }\n        if (links.isDeadMark()) {");
        s3("a renewal is good however long it took",
                "LeaseChain", "if (age().compareTo(settings.guard()) > 0) {", "if (false) {");
        s3("a renewal that was refused is its own",
                "LeaseChain", "if (!isMine(last + 1)) {", "if (!isMine(last + 1) && last < 0) {");
        s3("a renewal that was refused is somebody else's",
                "LeaseChain", "if (!isMine(last + 1)) {", "if (last > 0) {");
        s3("seconds of the store are believed", "Numbered", ".minus(ROUNDING)", "");
        s3("versions are deleted at once",
                "Numbered", "if (version != 1 && isOlder(successor, age)) {", "if (version != 1) {");
        s3("the first version is deleted with the others",
                "Numbered", "if (version != 1 && isOlder(successor, age)) {", "if (isOlder(successor, age)) {");
        s3("what was wiped is removed at once",
                "S3Sweep", "if (versions.isOlder(versions.highest(), settings.horizon())) {", "if (versions.highest() > 0) {");
        s3("the first version is removed last",
                "StateChain", "        if (versions.hasFirst()) {\n            bucket.delete(List.of(S3Keys.version(id, 1)));\n        }\n", "",
                "StateChain", "        known.forget(id);\n    }\n\n    void compact", """
                        bucket.delete(List.of(S3Keys.version(id, 1)));
                        known.forget(id);
                    }

                    void compact""");
        s3("states are listed before the data",
                "S3Sweep", "boolean hasData = unknown.remove(id);", "boolean hasData = unknown.remove(id);\n                        there.add(id);",
                "S3Sweep", "Set<CacheId> unknown = new HashSet<>(page.ids());", "Set<CacheId> unknown = new HashSet<>(page.ids());\n                Set<CacheId> there = new HashSet<>();",
                "S3Sweep", "unknown.forEach(id -> attempt(id, () -> deleteOrphan(id)));", "DataPage.list(bucket, after).ids().stream().filter(id -> !there.contains(id)).forEach(wipe::deleteData);");
        s3("data without a state stay", "S3Sweep", "unknown.forEach(id -> attempt(id, () -> deleteOrphan(id)));", "");
        s3("everybody who wipes tells of it",
                "S3Wipe", "        if (changed.mine()) {", "        if (changed.version() != null) {");
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String argument : arguments) {
            (argument.startsWith("-") ? options : names).add(argument);
        }
        if (names.equals(List.of("check"))) {
            check();
            return;
        }
        Path copy = Files.createTempDirectory("mutations");
        copy(Path.of("").toAbsolutePath(), copy);
        Suite header = null;
        for (Mutation mutation : ALL) {
            if (names.isEmpty() || names.stream().anyMatch(mutation.name()::contains)) {
                if (header != mutation.suite()) {
                    header = mutation.suite();
                    System.out.println("| mutation | " + String.join(" | ", header.tests.keySet()) + " |");
                    System.out.println("|---|" + "---|".repeat(header.tests.size()));
                }
                run(mutation, copy, options);
            }
        }
    }

    private static void check() throws IOException {
        for (Mutation mutation : ALL) {
            for (Change change : mutation.changes()) {
                try {
                    change.in(Files.readString(MAIN.resolve(change.file())));
                } catch (IllegalStateException outdated) {
                    System.out.println(mutation.name() + ": " + outdated.getMessage());
                }
            }
        }
    }

    private static void run(Mutation mutation, Path copy, List<String> options) throws Exception {
        Map<Path, String> sources = new LinkedHashMap<>();
        try {
            for (Change change : mutation.changes()) {
                Path file = copy.resolve(MAIN).resolve(change.file());
                String source = Files.readString(file);
                sources.putIfAbsent(file, source);
                Files.writeString(file, change.in(source));
            }
            delete(copy.resolve(REPORTS));
            String ended = test(mutation.suite(), copy, options);
            StringBuilder row = new StringBuilder("| " + mutation.name() + " |");
            for (String test : mutation.suite().tests.values()) {
                row.append(' ').append(verdict(copy, test, ended)).append(" |");
            }
            System.out.println(row);
        } catch (IllegalStateException outdated) {
            System.out.println("| " + mutation.name() + " | " + outdated.getMessage() + " |");
        } finally {
            for (Map.Entry<Path, String> source : sources.entrySet()) {
                Files.writeString(source.getKey(), source.getValue());
            }
        }
    }

    private static String test(Suite suite, Path copy, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "mvn", "-q", "-pl", "monolith-cache-core", "test", "-Djacoco.skip", "-Dmaven.test.failure.ignore=true",
                "-Dtest=" + String.join(",", suite.tests.values().stream().map(name -> name.replaceAll(".*\\.", "")).toList())));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(copy.resolve("log").toFile())
                .start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            return "hung";
        }
        return process.exitValue() == 0 ? "did not run" : "did not compile";
    }

    private static String verdict(Path copy, String test, String ended) throws IOException {
        Path report = copy.resolve(REPORTS).resolve("TEST-io.monolithcache.directory." + test + ".xml");
        if (!Files.exists(report)) {
            return ended;
        }
        String text = Files.readString(report);
        if (!text.contains("<failure") && !text.contains("<error")) {
            return "–";
        }
        Matcher kills = Pattern.compile("after (\\d+) kills").matcher(text);
        if (kills.find()) {
            return "**within " + kills.group(1) + " kills**";
        }
        Matcher rounds = Pattern.compile("in round \\d+ after (\\d+) s,").matcher(text);
        if (rounds.find()) {
            return "**within " + rounds.group(1) + " s**";
        }
        Matcher steps = Pattern.compile("to (\\d+) steps").matcher(text);
        return steps.find() ? "**" + steps.group(1) + " steps**" : "**caught**";
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                String name = String.valueOf(directory.getFileName());
                if (name.equals("target") || name.equals(".git")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
