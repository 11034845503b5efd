// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The folder of a store: what it has to be, and its first steps. */
final class StoreRoot {

    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # The files in this folder are kept by Monolith Cache. They can be made again, so backups may leave them out.
            """;

    private static final FileAttribute<?>[] OWN =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];

    private StoreRoot() {}

    /**
     * Creates what is missing.
     *
     * @throws StoreRootException if something is there that is no store, or one of a newer version
     */
    static StoreLayout open(StorePlace place) throws IOException {
        place.look();
        Files.createDirectories(place.root(), OWN);
        StoreLayout layout = new StoreLayout(place.root().toRealPath());
        folder(layout.internal());
        writeFormat(layout);
        for (Path folder : List.of(layout.owners(), layout.writing(), layout.index(), layout.content())) {
            folder(folder);
        }
        for (int number = 0; number < StoreLayout.FOLDERS; number++) {
            folder(layout.folder(number));
        }
        if (Files.notExists(layout.tag())) {
            Files.writeString(layout.tag(), TAG);
        }
        return layout;
    }

    private static void folder(Path folder) throws IOException {
        try {
            Path unused = Files.createDirectory(folder, OWN);
        } catch (FileAlreadyExistsException usual) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " is not a folder, but a link or a file, which a store does not follow."
                        + " Remove it, or choose another path");
            }
        }
    }

    private static void writeFormat(StoreLayout layout) throws IOException {
        if (Files.notExists(layout.format())) {
            Path hidden = Files.createTempFile(layout.internal(), "format", ".new");
            Files.writeString(hidden, StoreLayout.FORMAT);
            Files.move(hidden, layout.format(), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
