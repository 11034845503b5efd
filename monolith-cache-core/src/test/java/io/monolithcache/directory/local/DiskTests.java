// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said when the disk fails. */
class DiskTests {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new FileSystemException("/a", null, "No space left on device"),
                        "Could not do it: /a: No space left on device. Free space on that disk, or set"
                                + " monolith.cache.local.path to another one"),
                Arguments.of(
                        new IOException("No space left on device"),
                        "Could not do it: No space left on device. Free space on that disk, or set"
                                + " monolith.cache.local.path to another one"),
                Arguments.of(
                        new FileSystemException("/a", null, "Disk quota exceeded"),
                        "Could not do it: /a: Disk quota exceeded. Free space on that disk, or set"
                                + " monolith.cache.local.path to another one"),
                Arguments.of(
                        new FileSystemException("/a", null, "Read-only file system"),
                        "Could not do it: /a: Read-only file system. Make that file system writable, or set"
                                + " monolith.cache.local.path to another one"),
                Arguments.of(
                        new AccessDeniedException("/a"),
                        "Could not do it: access to /a is denied. Give this user the rights, or set"
                                + " monolith.cache.local.path to a folder of its own"),
                Arguments.of(
                        new NoSuchFileException("/a"),
                        "Could not do it: /a is not there. Somebody removed it by hand; if the whole cache root is"
                                + " gone, restart the application"),
                Arguments.of(
                        new IOException("Input/output error"), "Could not do it: Input/output error. Check that disk"),
                Arguments.of(
                        new FileSystemException("/a", null, "Not a directory"),
                        "Could not do it: /a: Not a directory. Something of another kind lies there: move it away"),
                Arguments.of(
                        new FileSystemException("/a", null, "Too many open files"),
                        "Could not do it: /a: Too many open files. Close what is not used, or raise the limit of open"
                                + " files (ulimit -n)"),
                Arguments.of(
                        new FileSystemException("/a", null, "File name too long"),
                        "Could not do it: /a: File name too long. Take a shorter name"),
                Arguments.of(new IOException(), "Could not do it: java.io.IOException. Check that disk"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureTellsWhatWasTriedWhatHappenedAndWhatToDo(IOException failure, String message) {
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> Disk.call("do it", () -> {
                    throw failure;
                }))
                .withMessage(message)
                .withCause(failure);
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> Disk.run("do it", () -> {
                    throw failure;
                }))
                .withMessage(message);
        assertThat(Disk.ioFailure("do it", failure)).hasMessage(message).hasCause(failure);
    }

    @Test
    void aStepBackThatFailsTooComesWithTheFirstFailure() {
        IOException first = new IOException("first");
        IOException another = new IOException("another");

        Disk.undo(first, () -> {
            throw another;
        });
        Disk.undo(first, () -> {});

        assertThat(first.getSuppressed()).containsExactly(another);
    }

    @Test
    void whatSucceedsIsPassedOn() {
        assertThat(Disk.call("do it", () -> "done")).isEqualTo("done");
    }
}
