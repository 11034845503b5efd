// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A disk that fails to tell who references what. Where each folder of references was, there is a link to itself: every
 * look below it is an error, and none says that something is absent.
 */
public final class UnreachableReferences {

    private UnreachableReferences() {}

    /** From here on nothing is known of the caches of a root. */
    public static void disconnect(Path root) {
        disconnect(new Layout(root.resolve(Layout.FOLDER)));
    }

    /** All is as it was. */
    public static void reconnect(Path root) {
        reconnect(new Layout(root.resolve(Layout.FOLDER)));
    }

    static void disconnect(Layout layout) {
        try {
            Files.createDirectory(away(layout));
            for (Path folder : entries(layout.refs())) {
                Files.move(folder, away(layout).resolve(folder.getFileName()));
                // a link to itself: every JDK says that it cannot tell what is there
                Files.createSymbolicLink(folder, folder);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void reconnect(Layout layout) {
        try {
            for (Path folder : entries(away(layout))) {
                Path place = layout.refs().resolve(folder.getFileName());
                Files.delete(place);
                Files.move(folder, place);
            }
            Files.delete(away(layout));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path away(Layout layout) {
        return layout.internal().resolve("refs-away");
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
