// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.s3.S3Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A process with one manager, which does what it is told on its standard input and answers each command by a line. */
final class Puppet {

    private final CacheManager manager;
    private final Deque<CacheDirectory> held = new ArrayDeque<>();

    private Puppet(CacheManager manager) {
        this.manager = manager;
    }

    private static CacheManager onTheDisk(Path root) {
        return CacheManager.builder()
                .root(root)
                .sweepInterval(Duration.ofMillis(5))
                .build();
    }

    private static CacheManager inABucket(Path root, S3Setup setup) {
        return setup.quietly(
                        CacheManager.builder().root(root),
                        S3Server.to(setup.port()).build())
                .build();
    }

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Puppet puppet = new Puppet(arguments.length == 1 ? onTheDisk(root) : inABucket(root, S3Setup.of(arguments[1])));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String answer;
            try {
                answer = puppet.run(line.split(" "));
            } catch (RuntimeException failure) {
                answer = Journal.describe(failure);
            }
            System.out.println(answer);
        }
        Runtime.getRuntime().halt(1);
    }

    private String run(String[] command) throws IOException {
        switch (command[0]) {
            case "create" -> {
                held.push(manager.create());
                return held.element().id().value();
            }
            case "attach" -> held.push(manager.attach(CacheId.of(command[1])));
            case "release" -> held.pop().close();
            case "write" -> {
                try (var out = held.element().resource(command[1]).getOutputStream()) {
                    out.write(1);
                }
            }
            case "exists" -> {
                return String.valueOf(held.element().exists(command[1]));
            }
            case "download" -> {
                return held.element().download(command[1]).toString();
            }
            case "hammer" -> hammer(CacheId.of(command[1]), Integer.parseInt(command[2]));
            case "put" -> put(CacheId.of(command[1]), command[2], Integer.parseInt(command[3]));
            case "close" -> manager.close();
            default -> throw new IllegalArgumentException(command[0]);
        }
        return "done";
    }

    private void hammer(CacheId id, int times) {
        for (int i = 0; i < times; i++) {
            try (CacheDirectory cache = manager.attach(id)) {
                if (!Files.isRegularFile(cache.path().resolve("meta.json"))) {
                    throw new IllegalStateException("not there in round " + i);
                }
            }
        }
    }

    /** Keys of its own: one that is missing at the end was lost to somebody else's change. */
    private void put(CacheId id, String name, int times) {
        try (CacheDirectory cache = manager.attach(id)) {
            for (int i = 0; i < times; i++) {
                cache.putMetadata(name + "-" + i, i);
            }
        }
    }
}
