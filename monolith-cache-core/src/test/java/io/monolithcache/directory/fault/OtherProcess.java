// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.WipeMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A manager in another process, asked line by line: {@code create}, {@code attach <id>}, {@code release <id>},
 * {@code lock <id>}, {@code sweep}. What it holds stays held until its input ends.
 */
final class OtherProcess {

    private final CacheManager manager;
    private final Map<CacheId, CacheDirectory> held = new HashMap<>();

    private OtherProcess(CacheManager manager) {
        this.manager = manager;
    }

    static ChildJvm.Conversation start(Path root) throws IOException {
        return start(root, OrphanPolicy.KEEP);
    }

    static ChildJvm.Conversation start(Path root, OrphanPolicy orphans) throws IOException {
        return ChildJvm.plain().start(OtherProcess.class, root, orphans);
    }

    public static void main(String[] arguments) throws IOException {
        LogLines.quiet();
        try (CacheManager manager = CacheManager.builder()
                        .root(Path.of(arguments[0]))
                        .orphans(OrphanPolicy.valueOf(arguments[1]))
                        .wipe(WipeMode.SYNCHRONOUS)
                        .sweepInterval(Duration.ZERO)
                        .build();
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            OtherProcess process = new OtherProcess(manager);
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                System.out.println(ChildJvm.ANSWER + process.answer(line.split(" ")));
            }
        }
    }

    private String answer(String[] words) {
        try {
            switch (words[0]) {
                case "create" -> {
                    CacheDirectory created = manager.create();
                    held.put(created.id(), created);
                    return created.id().value();
                }
                case "attach" -> held.put(CacheId.of(words[1]), manager.attach(CacheId.of(words[1])));
                case "release" -> held.remove(CacheId.of(words[1])).close();
                case "lock" -> manager.lock(CacheId.of(words[1]));
                case "sweep" -> {
                    return manager.sweep().toString();
                }
                default -> throw new IllegalArgumentException(words[0]);
            }
            return "done";
        } catch (CacheException refused) {
            return "refused: " + refused.getMessage();
        }
    }
}
