// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
     * @param folder for its root, its temporary files and its log
     * @param properties as on the command line, without the dashes
     */
    public static DeskProcess start(Path folder, String... properties) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), Map.of(), folder, properties);
    }

    /** The same with variables of its environment, in which nothing of AWS is else, whatever this process has. */
    static DeskProcess startWith(Map<String, String> environment, Path folder, String... properties)
            throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), environment, folder, properties);
    }

    /**
     * The same, begun by another program.
     *
     * @param before what the command begins with, for instance {@code unshare}
     */
    public static DeskProcess start(List<String> before, Path folder) throws IOException {
        return start(before, System.getProperty("java.class.path"), Map.of(), folder);
    }

    /**
     * The same with a shorter class path.
     *
     * @param without what is left out
     */
    static DeskProcess startWithout(Predicate<Path> without, Path folder) throws IOException {
        String classPath = Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> !without.test(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
        return start(List.of(), classPath, Map.of(), folder);
    }

    private static DeskProcess start(
            List<String> before, String classPath, Map<String, String> environment, Path folder, String... properties)
            throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path log = Files.createTempFile(folder, "desk", ".log");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                // most of its life is its start
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath,
                DataDeskApplication.class.getName(),
                "--server.port=0",
                "--spring.main.banner-mode=off",
                // the logging of tests is on the class path, which would leave out the port
                "--logging.level.org.springframework.boot=info",
                "--monolith.cache.local.path=" + folder.resolve("root")));
        for (String property : properties) {
            command.add("--" + property);
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        setEnvironment(builder.environment(), environment, folder);
        Process process = builder.start();
        try {
            return new DeskProcess(process, awaitPort(process, log));
        } catch (RuntimeException notStarted) {
            process.destroyForcibly();
            throw notStarted;
        }
    }

    private static void setEnvironment(Map<String, String> environment, Map<String, String> wanted, Path folder) {
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        String none = folder.resolve("none").toString();
        environment.put("AWS_CONFIG_FILE", none);
        environment.put("AWS_SHARED_CREDENTIALS_FILE", none);
        // else it asks the machine, which is a link-local address
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.putAll(wanted);
    }

    private static int awaitPort(Process process, Path log) {
        return await().atMost(Duration.ofMinutes(3))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("The process died:\n" + Files.readString(log));
                    }
                })
                .until(() -> port(log), Optional::isPresent)
                .orElseThrow();
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

    /** SIGSTOP, or SIGCONT. */
    void signal(String name) {
        try {
            int result = new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                    .start()
                    .waitFor();
            if (result != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + result);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
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
