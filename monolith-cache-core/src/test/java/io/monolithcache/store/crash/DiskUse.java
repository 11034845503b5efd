// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Measures all along how many blocks the entries of a store take, with what is being written, as the system says. */
final class DiskUse implements AutoCloseable {

    private final Path root;
    private final long empty;
    private final Thread sampler;
    private volatile boolean isOver;
    private volatile long most;
    private volatile int samples;

    /** @param root of a store that is empty */
    DiskUse(Path root) throws IOException {
        this.root = root;
        this.empty = sample();
        this.sampler = new Thread(this::measure, "disk-use");
        sampler.setDaemon(true);
        sampler.start();
    }

    private void measure() {
        while (!isOver) {
            try {
                most = Math.max(most, sample() - empty);
                samples++;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Files that vanish meanwhile are complained of, and not counted. */
    private long sample() throws IOException {
        Process du = new ProcessBuilder(
                        "du",
                        "-s",
                        "-c",
                        "-B1",
                        root.resolve("content").toString(),
                        root.resolve(".monolith/writing").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] lines = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
        return Long.parseLong(lines[lines.length - 1].split("\t")[0]);
    }

    long most() {
        return most;
    }

    int samples() {
        return samples;
    }

    @Override
    public void close() {
        isOver = true;
        boolean interrupted = false;
        while (sampler.isAlive()) {
            try {
                sampler.join();
            } catch (InterruptedException told) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
