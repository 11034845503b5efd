// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A JVM of its own that uses an index, and tells line by line what it has done. */
final class IndexProcess {

    private static final long LONGEST_SECONDS = 60;

    /** Of a batch that fills the disk. */
    private static final int ENTRIES = 1_000;

    private final Process process;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Thread reading;

    private IndexProcess(Process process) {
        this.process = process;
        this.reading = new Thread(() -> process.inputReader().lines().forEach(lines::add), "lines of a process");
        reading.start();
    }

    static IndexProcess start(String what, Path folder, String... arguments) throws IOException {
        return start(List.of(), what, folder, arguments);
    }

    /** @param before is run with the command as its last arguments */
    static IndexProcess start(List<String> before, String what, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classPath(),
                IndexProcess.class.getName(),
                what,
                folder.toString()));
        command.addAll(List.of(arguments));
        return new IndexProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Without logging, whose start takes longer than the work. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    void awaitLines(int count) {
        Awaitility.await()
                .atMost(LONGEST_SECONDS, TimeUnit.SECONDS)
                .until(() -> lines.size() >= count || !process.isAlive());
    }

    /** SIGKILL; then all is known that it told. */
    void kill() {
        process.destroyForcibly();
        try {
            awaitEnd();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("A process does not end; it told " + lines);
        }
        reading.join();
        return process.exitValue();
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        PrintStream told = System.out;
        switch (arguments[0]) {
            case "write" -> write(folder, arguments[2], Integer.parseInt(arguments[3]), told);
            case "open-json" -> open(folder, told);
            case "fill" -> {
                fill(SqliteIndex.FORMAT, folder, told);
                fill(JsonIndex.FORMAT, folder, told);
                fill(CsvIndex.FORMAT, folder, told);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void write(Path folder, String name, int batches, PrintStream told) throws IOException {
        try (EntryIndex index = SqliteIndex.FORMAT.open(folder)) {
            for (int batch = 0; batch < batches; batch++) {
                index.apply(EntryIndexContract.batch(name, batch));
                told.println(batch);
            }
        }
    }

    private static void open(Path folder, PrintStream told) throws IOException {
        try (EntryIndex index = JsonIndex.FORMAT.open(folder)) {
            told.println(index.totals());
        } catch (IOException refused) {
            told.println(refused.getClass().getSimpleName() + " " + refused.getMessage());
        }
    }

    /** Writes until the disk is full, then less. */
    private static void fill(EntryIndex.Format format, Path folder, PrintStream told) throws IOException {
        try (EntryIndex index = format.open(folder)) {
            int batches = 0;
            try {
                while (batches < 10_000) {
                    index.apply(batch(batches));
                    batches++;
                }
            } catch (IOException full) {
                told.println(format.name() + " " + full.getClass().getSimpleName() + " " + batches + " "
                        + index.totals().entries() / ENTRIES);
            }
            for (int batch = 0; batch < batches; batch++) {
                for (IndexChange change : batch(batch)) {
                    if (index.find(change.hash()).isEmpty()) {
                        throw new AssertionError(change + " was applied, and is not listed");
                    }
                }
            }
        }
    }

    private static List<IndexChange> batch(int number) {
        List<IndexChange> changes = new ArrayList<>();
        for (int tenth = 0; tenth < ENTRIES / 10; tenth++) {
            changes.addAll(EntryIndexContract.batch("fill", number * ENTRIES + tenth));
        }
        return changes;
    }
}
