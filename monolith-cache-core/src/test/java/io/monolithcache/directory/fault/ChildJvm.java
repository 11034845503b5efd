// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of its own that runs the {@code main} of a scenario. A scenario that fails ends with another exit code than 0,
 * and its output is the message of the test.
 */
public final class ChildJvm {

    /** An answer begins with this; whatever else is printed is not one. */
    static final String ANSWER = "answer: ";

    private static final long LONGEST_SECONDS = 120;

    private final List<String> before;
    private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    private String classPath = System.getProperty("java.class.path");

    private ChildJvm(List<String> before) {
        this.before = before;
    }

    static ChildJvm plain() {
        return new ChildJvm(List.of());
    }

    /** Runs below another command, for instance one that changes the user. */
    static ChildJvm below(List<String> command) {
        return new ChildJvm(command);
    }

    ChildJvm option(String option) {
        options.add(option);
        return this;
    }

    /** Copies what is on the class path to a folder that any user may read. */
    ChildJvm withClassesIn(Path folder) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(System.getProperty("path.separator"), -1)) {
            Path from = Path.of(entry);
            Path to = folder.resolve(entries.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                copy(from, to);
                entries.add(to.toString());
            }
        }
        classPath = String.join(System.getProperty("path.separator"), entries);
        return this;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }

    List<String> command(Class<?> scenario, Object... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, scenario.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** Runs a scenario to its end and returns what it printed. */
    public String run(Class<?> scenario, Object... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("child-jvm", ".txt");
        try {
            Process process = new ProcessBuilder(command(scenario, arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String text = Files.readString(output);
            assertThat(ended).as("%s hangs:%n%s", scenario, text).isTrue();
            assertThat(process.exitValue()).as("%s:%n%s", scenario, text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /** Starts a scenario that answers each line with a line. */
    Conversation start(Class<?> scenario, Object... arguments) throws IOException {
        return new Conversation(new ProcessBuilder(command(scenario, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** A process that is asked line by line, and ends when it is closed. */
    static final class Conversation implements AutoCloseable {

        private final Process process;
        private final BufferedWriter questions;
        private final BufferedReader answers;

        private Conversation(Process process) {
            this.process = process;
            this.questions = process.outputWriter(StandardCharsets.UTF_8);
            this.answers = process.inputReader(StandardCharsets.UTF_8);
        }

        String ask(Object... words) throws IOException {
            questions.write(Stream.of(words).map(Object::toString).collect(Collectors.joining(" ")));
            questions.newLine();
            questions.flush();
            String line = answers.readLine();
            while (line != null && !line.startsWith(ANSWER)) {
                line = answers.readLine();
            }
            assertThat(line).as("answer of the other process").isNotNull();
            return line.substring(ANSWER.length());
        }

        /** As the kernel kills it when memory runs out. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            questions.close();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }
}
