// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs candidates in turns, round after round, each in a JVM of its own, and prints quartiles and the ratio of each
 * managed figure to its floor. Turns, because on a shared machine the same work takes another time a minute later.
 *
 * <p>Arguments: the folder to work in, the number of rounds, and a part of the names of the candidates to run.
 */
public final class Rounds {

    /** Candidate, its floor or nothing, and the budget as text. */
    private record Line(String candidate, String floor, String budget) {}

    private static final List<Line> LINES = List.of(
            new Line("DirectoryBenchmarks.managedInBursts", "DirectoryBenchmarks.byHandInBursts", "1.2"),
            new Line("DirectoryBenchmarks.managed", "DirectoryBenchmarks.byHand", ""),
            new Line("DirectoryBenchmarks.managedAllCores", "DirectoryBenchmarks.byHandAllCores", "1.5"),
            new Line("FullDirectoryBenchmarks.managedClose", "FullDirectoryBenchmarks.byHandDelete", "0.01"),
            new Line("DirectoryBenchmarks.attachHeld", "", "1000 ns"),
            new Line("RedisBenchmarks.managedInBursts", "RedisBenchmarks.byHandInBursts", "1.0"),
            new Line("RedisBenchmarks.managedInBursts", "RedisBenchmarks.redissonInBursts", "0.33"),
            new Line("RedisBenchmarks.attachHeld", "", "1000 ns"),
            new Line("FastS3Benchmarks.managed", "FastS3Benchmarks.rawSockets", "1.25"),
            new Line("FastS3Benchmarks.managed", "FastS3Benchmarks.crt", "1.0"),
            new Line("FastS3Benchmarks.managed", "FastS3Benchmarks.bareClient", ""),
            new Line("FastS3Benchmarks.managedSmall", "FastS3Benchmarks.bareClientSmall", "1.11"),
            new Line("DistantS3Benchmarks.managed", "DistantS3Benchmarks.rawSockets", "1.05"),
            new Line("DistantS3Benchmarks.managed", "DistantS3Benchmarks.crt", "1.0"),
            new Line("DistantS3Benchmarks.managed", "DistantS3Benchmarks.bareClient", ""),
            new Line("DistantS3Benchmarks.managedSmall", "DistantS3Benchmarks.bareClientSmall", "1.11"),
            new Line("SmallValueBenchmarks.readFromStore", "SmallValueBenchmarks.readByHand", "1.3"),
            new Line("SmallValueBenchmarks.readFromStore", "SmallValueBenchmarks.readFromDiskLruCache", "1.0"),
            new Line("SmallValueBenchmarks.readFromStore", "SmallValueBenchmarks.readFromEhcache", "1.0"),
            new Line("SmallValueBenchmarks.readFromStore", "SmallValueBenchmarks.readFromMvStore", "1.0"),
            new Line("SmallValueBenchmarks.writeToStore", "SmallValueBenchmarks.writeByHand", "1.2"),
            new Line("SmallValueBenchmarks.writeToStore", "SmallValueBenchmarks.writeToDiskLruCache", ""),
            new Line("SmallValueBenchmarks.writeToStore", "SmallValueBenchmarks.writeToEhcache", ""),
            new Line("SmallValueBenchmarks.writeToStore", "SmallValueBenchmarks.writeToMvStore", ""),
            new Line("ValueBenchmarks.readFromStore", "ValueBenchmarks.readByHand", "1.2"),
            new Line("ValueBenchmarks.readFromStore", "ValueBenchmarks.readFromDiskLruCache", "1.0"),
            new Line("ValueBenchmarks.readFromStore", "ValueBenchmarks.readFromEhcache", "1.0"),
            new Line("ValueBenchmarks.readFromStore", "ValueBenchmarks.readFromMvStore", "1.0"),
            new Line("ValueBenchmarks.writeToStore", "ValueBenchmarks.writeByHand", "1.05"),
            new Line("ValueBenchmarks.writeToStore", "ValueBenchmarks.writeToDiskLruCache", ""),
            new Line("ValueBenchmarks.writeToStore", "ValueBenchmarks.writeToEhcache", ""),
            new Line("ValueBenchmarks.writeToStore", "ValueBenchmarks.writeToMvStore", ""),
            new Line("LargeValueBenchmarks.readFromStore", "LargeValueBenchmarks.readByHand", "1.1"),
            new Line("LargeValueBenchmarks.readFromStore", "LargeValueBenchmarks.readFromDiskLruCache", "1.0"),
            new Line("LargeValueBenchmarks.readFromStore", "LargeValueBenchmarks.readFromEhcache", "1.0"),
            new Line("LargeValueBenchmarks.readFromStore", "LargeValueBenchmarks.readFromMvStore", "1.0"),
            new Line("LargeValueBenchmarks.writeToStore", "LargeValueBenchmarks.writeByHand", "1.2"),
            new Line("LargeValueBenchmarks.writeToStore", "LargeValueBenchmarks.writeToDiskLruCache", ""),
            new Line("LargeValueBenchmarks.writeToStore", "LargeValueBenchmarks.writeToEhcache", ""),
            new Line("LargeValueBenchmarks.writeToStore", "LargeValueBenchmarks.writeToMvStore", ""),
            new Line("LimitBenchmarks.putAtTheLimit", "LimitBenchmarks.putBelowTheLimit", "1.5"),
            new Line("LimitBenchmarks.decodedFromMemory", "LimitBenchmarks.decodedFromCaffeine", "1.5"),
            new Line("FileBenchmarks.addSmall", "FileBenchmarks.addSmallByHand", "1.2"),
            new Line("FileBenchmarks.addLarge", "FileBenchmarks.addLargeByHand", "0.8"),
            new Line("FileBenchmarks.pathOfKnown", "FileBenchmarks.exists", "2 us"),
            new Line("FileBenchmarks.openKnown", "", ""),
            new Line("ScopeBenchmarks.runUnused", "", "2000 ns"),
            new Line("ScopeBenchmarks.openUnused", "", ""),
            new Line("ScopeBenchmarks.methodUnused", "", "2000 ns"),
            new Line("RequestBenchmarks.withoutFilter", "", ""),
            new Line("RequestBenchmarks.requestUnused", "", "2000 ns"));

    private Rounds() {}

    public static void main(String[] arguments) throws RunnerException {
        String folder = arguments[0];
        int rounds = Integer.parseInt(arguments[1]);
        String part = arguments.length > 2 ? arguments[2] : "";
        List<Line> lines =
                LINES.stream().filter(line -> line.candidate().contains(part)).toList();
        Map<String, Map<Integer, double[]>> scores = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Line line : lines) {
                for (String name :
                        line.floor().isEmpty() ? List.of(line.candidate()) : List.of(line.floor(), line.candidate())) {
                    Map<Integer, double[]> known = scores.computeIfAbsent(name, key -> new TreeMap<>());
                    if (!known.containsKey(round)) {
                        known.put(round, run(name, folder));
                    }
                }
            }
            System.out.println("round " + (round + 1) + " of " + rounds);
        }
        print(lines, scores);
    }

    private static double[] run(String benchmark, String folder) throws RunnerException {
        boolean single = benchmark.startsWith("Full") || benchmark.contains("S3") || benchmark.contains("addLarge");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\." + benchmark.replace(".", "\\.") + "$")
                        .forks(1)
                        .jvmArgsAppend(
                                "-Dbenchmark.root=" + folder,
                                "-Dslf4j.internal.verbosity=ERROR",
                                "-Xms512m",
                                "-Xmx512m",
                                "-XX:+UseParallelGC")
                        .warmupIterations(single ? 10 : 3)
                        .measurementIterations(5)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementTime(TimeValue.seconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        return results.stream()
                .flatMap(result -> result.getBenchmarkResults().stream())
                .flatMap(result -> result.getIterationResults().stream())
                .map(IterationResult::getPrimaryResult)
                .mapToDouble(result -> result.getScore())
                .toArray();
    }

    private static void print(List<Line> lines, Map<String, Map<Integer, double[]>> scores) {
        System.out.printf(
                "%n%-40s %12s %12s %12s %8s %8s%n", "", "1st quartile", "median", "3rd quartile", "ratio", "budget");
        for (Line line : lines) {
            double[] candidate = sorted(scores.getOrDefault(line.candidate(), Map.of()));
            if (line.floor().isEmpty()) {
                print(line.candidate(), candidate, "", line.budget());
            } else {
                double[] floor = sorted(scores.getOrDefault(line.floor(), Map.of()));
                print(line.floor(), floor, "1", "");
                print(line.candidate(), candidate, ratio(scores, line), line.budget());
            }
        }
    }

    /** The median of the rounds' ratios: what slows the machine down for a while slows both down in that round. */
    private static String ratio(Map<String, Map<Integer, double[]>> scores, Line line) {
        Map<Integer, double[]> candidates = scores.getOrDefault(line.candidate(), Map.of());
        Map<Integer, double[]> floors = scores.getOrDefault(line.floor(), Map.of());
        double[] none = {};
        double[] ratios = floors.keySet().stream()
                .mapToDouble(round ->
                        median(candidates.getOrDefault(round, none)) / median(floors.getOrDefault(round, none)))
                .sorted()
                .toArray();
        return String.format(Locale.ROOT, "%.3f", quantile(ratios, 0.5));
    }

    private static double median(double[] unsorted) {
        return quantile(Arrays.stream(unsorted).sorted().toArray(), 0.5);
    }

    private static void print(String name, double[] sorted, String ratio, String budget) {
        System.out.printf(
                Locale.ROOT,
                "%-40s %12.2f %12.2f %12.2f %8s %8s%n",
                name,
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                ratio,
                budget);
    }

    private static double[] sorted(Map<Integer, double[]> rounds) {
        return rounds.values().stream().flatMapToDouble(Arrays::stream).sorted().toArray();
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }
}
