// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A JVM with a class of these tests, started for little: small heap, one compiler, no logging. */
public final class ChildProcess {

    private static final int KILLED = 128 + 9;

    private final Process process;
    private final @Nullable Path output;
    private long killed;

    private ChildProcess(Process process, @Nullable Path output) {
        this.process = process;
        this.output = output;
    }

    public static ChildProcess start(Class<?> main, Path output, String... arguments) throws IOException {
        return new ChildProcess(
                new ProcessBuilder(command(main, arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** One to talk with: what it prints is read here. */
    static ChildProcess startTalking(Class<?> main, String... arguments) throws IOException {
        return new ChildProcess(
                new ProcessBuilder(command(main, arguments))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                null);
    }

    private static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** SIGKILL: nothing runs any more, no hook and no finally. */
    public void kill() {
        killed = System.nanoTime();
        process.destroyForcibly();
    }

    /** When the kill was asked for. */
    long killed() {
        return killed;
    }

    /** Waits for the end, and complains of one that was not a kill. */
    void awaitDeath() throws InterruptedException, IOException {
        int status = process.waitFor();
        if (status != KILLED) {
            throw new AssertionError(
                    "A child ended by itself with " + status + ": " + (output == null ? "" : Files.readString(output)));
        }
    }

    /** Waits for the end, however it comes. */
    public void awaitEnd() {
        process.onExit().join();
    }

    BufferedReader answers() {
        return process.inputReader();
    }

    Writer commands() {
        return process.outputWriter();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal by its name, for instance {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " ended with " + status);
        }
    }
}
