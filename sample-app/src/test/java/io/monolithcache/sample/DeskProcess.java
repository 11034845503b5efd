// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The application in a JVM of its own, which can be killed. */
public final class DeskProcess implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

    private final Process process;
    private final int port;

    private DeskProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param before what the command begins with, for instance {@code unshare}
     * @param folder for its root, its temporary files and its log
     */
    public static DeskProcess start(List<String> before, Path folder) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path log = Files.createTempFile(folder, "desk", ".log");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                DataDeskApplication.class.getName(),
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--monolith.cache.local.path=" + folder.resolve("root")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int port = await().atMost(Duration.ofSeconds(60))
                .failFast("The process died", () -> !process.isAlive())
                .until(() -> port(log), Optional::isPresent)
                .orElseThrow();
        return new DeskProcess(process, port);
    }

    private static Optional<Integer> port(Path log) throws IOException {
        return STARTED.matcher(Files.readString(log))
                .results()
                .map((MatchResult result) -> Integer.valueOf(result.group(1)))
                .findFirst();
    }

    public DeskClient client() {
        return new DeskClient(port);
    }

    public long pid() {
        return process.pid();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As {@code kill} does. */
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new IOException("Process " + pid() + " does not end"));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
