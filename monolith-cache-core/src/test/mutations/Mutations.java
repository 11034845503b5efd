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
import java.util.stream.Collectors;

/**
 * Shows that the tests of the directory protocol can fail: breaks a copy of the sources in one place after the other,
 * and runs them. Nothing in the sources themselves is made for this.
 *
 * <pre>
 * java monolith-cache-core/src/test/mutations/Mutations.java [-Dmonolith.crash.kills=200 …] [part of a name …]
 * java monolith-cache-core/src/test/mutations/Mutations.java redis:
 * java monolith-cache-core/src/test/mutations/Mutations.java columns=step-by-step,broken redis:
 * java monolith-cache-core/src/test/mutations/Mutations.java check
 * </pre>
 *
 * Run in the root of the project; what begins with a minus goes to Maven. The first row is the unbroken protocol.
 * {@code columns} says on which tests they are tried, if not on all. Which of them failed goes to the error output.
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

    private static final Pattern FAILED_TEST =
            Pattern.compile("<testcase name=\"([^\"]+)\"[^>]*[^/]>\\s*<(?:failure|error)");
    private static final String NOT_CAUGHT = "–";
    private static final String COLUMNS = "columns=";

    /** A registry, with the tests that its mutations are tried on. */
    enum Suite {
        FILES,
        REDIS;

        private final Map<String, List<String>> tests = new LinkedHashMap<>();

        static {
            FILES.tests.put("state machine", List.of("model.StateMachineTests"));
            FILES.tests.put("crash harness", List.of("crash.CrashTests"));
            FILES.tests.put("thread races", List.of("crash.ThreadRaceTests"));
            FILES.tests.put("process races", List.of("crash.ProcessRaceTests"));
            FILES.tests.put("pauses", List.of("crash.PauseTests"));
            REDIS.tests.put("step-by-step", List.of(
                    "redis.StoppedWipeTests",
                    "redis.StoppedRecoveryTests",
                    "redis.StoppedSweepTests",
                    "redis.StoppedCallTests",
                    "redis.FailoverTests"));
            REDIS.tests.put("chaos", List.of("crash.ChaosTests"));
            REDIS.tests.put("linearizability", List.of("redis.LinearizabilityTests"));
            REDIS.tests.put("contract", List.of("redis.RedisReferenceRegistryTests"));
            REDIS.tests.put("owners", List.of("redis.RedisOwnerTests"));
            REDIS.tests.put("lapsed", List.of("redis.LapsedLeaseTests"));
            REDIS.tests.put("forgetful", List.of("redis.ForgetfulRedisTests"));
            REDIS.tests.put("broken", List.of("redis.BrokenConnectionTests"));
        }

        private void keepOnly(List<String> columns) {
            tests.keySet().retainAll(columns);
        }

        private String classes() {
            return tests.values().stream()
                    .flatMap(List::stream)
                    .map(name -> name.replaceAll(".*\\.", ""))
                    .collect(Collectors.joining(","));
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
                "directory/local/ProcessLocks.java", "FileLock lock = channel.lock()) {", "FileLock lock = channel.lock(System.nanoTime(), 1, false)) {");
        mutation("caches of an owner that ends stay referenced",
                "directory/DefaultCacheManager.java", "        if (cache.isHeld() || cache.untold) {", "        if (cache.untold) {");

        redis("none");
        redis("no question before the rename",
                REDIS + "RedisWipe.java", "if (answer.number(i) == 1) {", "if (answer.number(i) >= 0) {");
        redis("no mark, the question alone",
                REDIS + "RedisWipe.java", ": gone).add(id);\n", ": gone).add(id);\n            storage.unmark(id);\n");
        redis("neither mark nor question",
                REDIS + "RedisWipe.java", ": gone).add(id);\n", ": gone).add(id);\n            storage.unmark(id);\n",
                REDIS + "RedisWipe.java", "if (answer.number(i) == 1) {", "if (answer.number(i) >= 0) {");
        redis("a wipe goes on in another epoch",
                LUA + "still.lua", "epoch == ARGV[3] and ", "");
        redis("a wipe goes on over another connection",
                REDIS + "RedisLink.java", "options.autoReconnect(false)", "options.autoReconnect(true)",
                REDIS + "RedisLink.java", "DisconnectedBehavior.REJECT_COMMANDS", "DisconnectedBehavior.ACCEPT_COMMANDS");
        redis("a wipe renames what it could not mark",
                REDIS + "RedisWipe.java", "(storage.mark(id) ?", "(storage.mark(id) || !id.value().isEmpty() ?");
        redis("the end of a wipe forgets what lives again",
                LUA + "forget.lua", "redis.call('HGET', KEYS[i], 'phase') == 'wiping'", "redis.call('EXISTS', KEYS[i]) == 1");
        redis("the epoch is not asked",
                LUA + "prelude.lua", "local ripe = since + 2 * lease", "local ripe = since");
        redis("a failover does not begin a new epoch",
                LUA + "prelude.lua", " or known[3] ~= server", "");
        redis("a release decides in a young epoch",
                LUA + "release.lua", "if not mature(KEYS[2]) then", "if false then");
        redis("an evict decides in a young epoch",
                LUA + "evict.lua", "if not mature(KEYS[2]) then", "if false then");
        redis("a sweep decides about what Redis knows in a young epoch",
                LUA + "decide.lua", "  if not mature(KEYS[2]) then\n    due", "  if false then\n    due");
        redis("a sweep decides about what Redis has forgotten in a young epoch",
                LUA + "decide.lua", "if now < ripe then", "if false then");
        redis("a sweep finishes a wipe in a young epoch",
                LUA + "decide.lua", "\nif not mature(KEYS[2]) then", "\nif false then");
        redis("recovery does not look at the disk",
                REDIS + "Recovery.java", "return look == Look.GONE || (look == Look.MARKED && lapsed);", "return false;");
        redis("recovery does not look at the disk afterwards",
                REDIS + "Recovery.java", "answer.is(\"LOST\") || isLost(look, lapsed)", "answer.is(\"LOST\")");
        redis("an owner that was never silent minds the mark",
                REDIS + "Recovery.java", "(look == Look.MARKED && lapsed)", "look == Look.MARKED");
        redis("an owner that was never silent obeys a wipe",
                LUA + "register.lua", "if ARGV[9] == '1' or redis.call('HEXISTS', KEYS[2], 'forced') == 1 then", "if true then");
        redis("a lapsed owner turns a wipe back",
                LUA + "register.lua", "if ARGV[9] == '1' or ", "if ");
        redis("recovery does not watch its own clock",
                REDIS + "RedisOwner.java", "if (!leased || clock.isTooLate(begin)) {", "if (!leased) {",
                REDIS + "RedisOwner.java", "        clock.renewed(begin);\n        listener.renewed();\n        wantsRecovery",
                "        clock.renewed(clock.now());\n        listener.renewed();\n        wantsRecovery");
        redis("a lapsed owner keeps its name",
                REDIS + "RedisOwner.java", "last.me().next();", "last.me();");
        redis("a lapsed owner keeps its name, and a sweep decides by the leases that it saw",
                REDIS + "RedisOwner.java", "last.me().next();", "last.me();",
                LUA + "peek.lua", "        dead = dead + 1\n", "        dead = dead + 1\n        redis.call('HSET', KEYS[i], 'x:' .. owner, '')\n",
                LUA + "decide.lua", "    if alive(owner) then", "    if redis.call('HEXISTS', KEYS[2], 'x:' .. owner) == 0 then");
        redis("an owner whose Redis forgot does not recover until its lease ends",
                REDIS + "RedisOwner.java", "if (!answer.epoch().equals(now.epoch())) {", "if (now.epoch().isEmpty()) {",
                REDIS + "RedisOwner.java", "if (sameEpoch && answer.is(\"OK\")) {", "if (answer.is(\"OK\")) {");
        redis("create does not ask whether it was silent",
                REDIS + "RedisReferenceRegistry.java", "if (owner.claim(used[0], id)) {", "if (owner.claim(owner.ready(), id)) {");
        redis("attach does not look at the disk",
                REDIS + "RedisReferenceRegistry.java", "if (look == Look.GONE || look == Look.MARKED) {", "if (look == null) {");
        redis("attach does not mind the mark",
                REDIS + "RedisReferenceRegistry.java", "if (look == Look.GONE || look == Look.MARKED) {", "if (look == Look.GONE) {");
        redis("release does not read meta.json",
                REDIS + "RedisReferenceRegistry.java", "== Look.LOCKED;\n        Life[] used", "== null;\n        Life[] used");
        redis("release decides on what it read before a recovery",
                REDIS + "RedisReferenceRegistry.java", "locked || !now.equals(life)", "locked");
        redis("lock tells Redis before meta.json",
                REDIS + "RedisReferenceRegistry.java",
                "            storage.lock(id, end);\n            Answer unused = owner.run(now -> lockScript(now, id, end));",
                "            Answer unused = owner.run(now -> lockScript(now, id, end));\n            storage.lock(id, end);");
        redis("evict does not ask for leases",
                LUA + "evict.lua", "    if lease then", "    if not lease then",
                LUA + "evict.lua", "      living[#living + 1] = lease\n", "      living[#living + 1] = 'x|1|1'\n");
        redis("sweep decides on what it saw in another epoch",
                LUA + "decide.lua", "if epoch ~= ARGV[3] then", "if not epoch then");
        redis("sweep does not look whether the disk says locked",
                REDIS + "RedisSweep.java", "look == Look.GONE ? \"gone\" : look == Look.LOCKED ? \"locked\" : \"free\"",
                "look == Look.GONE ? \"gone\" : \"free\"");
        redis("sweep takes away a lock that was set while it looked",
                LUA + "decide.lua", "stands and (disk == 'locked' or lock ~= seen)", "stands and disk == 'locked'");
        redis("sweep always believes a lock that Redis knows",
                LUA + "decide.lua", "stands and (disk == 'locked' or lock ~= seen)", "stands");
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.startsWith(COLUMNS)) {
                List<String> columns = List.of(argument.substring(COLUMNS.length()).split(","));
                List.of(Suite.values()).forEach(suite -> suite.keepOnly(columns));
            } else {
                (argument.startsWith("-") ? options : names).add(argument);
            }
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
            for (List<String> tests : mutation.suite().tests.values()) {
                row.append(' ').append(verdict(copy, tests, ended)).append(" |");
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
                "-Dtest=" + suite.classes()));
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

    private static String verdict(Path copy, List<String> tests, String ended) throws IOException {
        String verdict = NOT_CAUGHT;
        for (String test : tests) {
            String one = verdict(copy, test, ended);
            verdict = verdict.equals(NOT_CAUGHT) ? one : verdict;
        }
        return verdict;
    }

    private static String verdict(Path copy, String test, String ended) throws IOException {
        Path report = copy.resolve(REPORTS).resolve("TEST-io.monolithcache.directory." + test + ".xml");
        if (!Files.exists(report)) {
            return ended;
        }
        String text = Files.readString(report);
        if (!text.contains("<failure") && !text.contains("<error")) {
            return NOT_CAUGHT;
        }
        Matcher failed = FAILED_TEST.matcher(text);
        while (failed.find()) {
            System.err.println("  " + test + "." + failed.group(1));
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
