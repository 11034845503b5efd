// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Every file of a tree with its kind, mode, owner, size, times of change, and content. */
record Snapshot(Path tree, List<String> lines) {

    static Snapshot of(Path tree) throws IOException {
        return new Snapshot(tree, describe(tree));
    }

    void assertUnchanged() throws IOException {
        assertThat(describe(tree)).isEqualTo(lines);
    }

    private static List<String> describe(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.sorted().map(Snapshot::line).toList();
        }
    }

    private static String line(Path file) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return file + " " + attributes.permissions() + " " + attributes.owner() + " " + attributes.size() + " "
                    + attributes.lastModifiedTime() + " "
                    + Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS) + " "
                    + (attributes.isRegularFile() ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
