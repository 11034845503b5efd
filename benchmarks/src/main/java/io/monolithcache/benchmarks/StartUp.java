// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts an application without the starter and the same with it, by turns, and prints quartiles of what each takes and
 * of the differences within the rounds. Turns, because on a shared machine the same start takes another time a minute
 * later; and who begins changes with each round. Processor time tells the work of a start also on a machine that is
 * busy with something else.
 *
 * <p>Arguments: the folder to work in, the number of rounds, the jar without the starter, the jar with it.
 */
public final class StartUp {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern THREAD = Pattern.compile("^\"(.+?)\" (?:#\\d+|os_prio)", Pattern.MULTILINE);

    /** What one start took. */
    private record Start(
            double millis,
            double processorMillis,
            double heapMebibytes,
            double residentMebibytes,
            double threads,
            long ours) {}

    private record Line(String name, ToDoubleFunction<Start> figure, String budget) {}

    private static final List<Line> LINES = List.of(
            new Line("time to the first healthy answer, ms", Start::millis, "100"),
            new Line("processor time until then, ms", Start::processorMillis, ""),
            new Line("heap after a full collection, MiB", Start::heapMebibytes, "10"),
            new Line("resident memory, MiB", Start::residentMebibytes, "10"),
            new Line("threads", Start::threads, "0"));

    private StartUp() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Path without = Path.of(arguments[2]);
        Path with = Path.of(arguments[3]);
        // the first start of each reads its jar from the disk
        start(without, folder);
        start(with, folder);
        List<Start> before = new ArrayList<>();
        List<Start> after = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            boolean starterFirst = round % 2 == 1;
            if (starterFirst) {
                after.add(start(with, folder));
            }
            before.add(start(without, folder));
            if (!starterFirst) {
                after.add(start(with, folder));
            }
            System.out.println("round " + (round + 1) + " of " + rounds);
        }
        print(before, after);
    }

    private static Start start(Path jar, Path folder) throws IOException, InterruptedException {
        int port = freePort();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(
                        java,
                        "-jar",
                        jar.toString(),
                        "--server.port=" + port,
                        "--spring.application.name=empty",
                        "--monolith.cache.local.path=" + folder.resolve("root"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            awaitHealth(URI.create("http://127.0.0.1:" + port + "/actuator/health"), process, begin);
            double millis = (System.nanoTime() - begin) / 1e6;
            double processorMillis =
                    process.info().totalCpuDuration().orElseThrow().toMillis();
            // collects everything, before the memory is looked at
            double heap = mebibytes(number(TOTAL, jcmd(process, "GC.class_histogram")));
            List<String> threads = threads(jcmd(process, "Thread.print"));
            String status = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"));
            return new Start(
                    millis,
                    processorMillis,
                    heap,
                    mebibytes(number(RESIDENT, status) * 1024),
                    threads.size(),
                    threads.stream()
                            .filter(name -> name.startsWith("monolith-cache"))
                            .count());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitHealth(URI health, Process process, long begin) {
        while (!isHealthy(health)) {
            if (!process.isAlive() || System.nanoTime() - begin > LONGEST_NANOS) {
                throw new IllegalStateException("It does not start; the log is in the folder to work in");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean isHealthy(URI health) {
        try {
            HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String jcmd(Process process, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return answer;
    }

    /** Without those of the JVM's compilers, which come and go. */
    private static List<String> threads(String dump) {
        return THREAD.matcher(dump)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !name.contains("CompilerThread"))
                .toList();
    }

    private static long number(Pattern pattern, String text) {
        Matcher match = pattern.matcher(text);
        if (!match.find()) {
            throw new IllegalStateException("No " + pattern + " in: " + text);
        }
        return Long.parseLong(match.group(1));
    }

    private static double mebibytes(long bytes) {
        return bytes / (1024.0 * 1024.0);
    }

    private static void print(List<Start> before, List<Start> after) {
        System.out.printf("%n%-40s %-12s %10s %10s %10s %8s%n", "", "", "1st quart.", "median", "3rd quart.", "budget");
        for (Line line : LINES) {
            double[] without = figures(before, line);
            double[] with = figures(after, line);
            double[] difference = new double[without.length];
            Arrays.setAll(difference, round -> with[round] - without[round]);
            print(line.name(), "without", without, "");
            print("", "with", with, "");
            print("", "difference", difference, line.budget());
        }
        System.out.println("threads named monolith-cache…: "
                + after.stream().mapToLong(Start::ours).max().orElse(0));
    }

    private static double[] figures(List<Start> starts, Line line) {
        return starts.stream().mapToDouble(line.figure()).toArray();
    }

    private static void print(String name, String what, double[] figures, String budget) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%-40s %-12s %10.1f %10.1f %10.1f %8s%n",
                name,
                what,
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                budget);
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }
}
