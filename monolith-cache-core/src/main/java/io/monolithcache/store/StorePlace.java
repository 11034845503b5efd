// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.owner.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is to be, seen without writing. The root itself may be reached over links; below it there are none.
 *
 * @param root perhaps not there yet
 * @param ownFolder a folder above it that has to be this user's alone, because it lies where everybody may make one;
 *     null if there is none
 */
record StorePlace(Path root, @Nullable Path ownFolder) {

    private static final String ANOTHER_PATH = "Remove it if nobody needs it, or choose another path.";

    /** @throws StoreRootException if what is there cannot be used, or nothing can be made there */
    void look() throws IOException {
        if (ownFolder != null) {
            checkOwnFolder(ownFolder);
        }
        checkRoot();
        StoreLayout layout = new StoreLayout(root);
        for (Path folder :
                List.of(layout.internal(), layout.owners(), layout.writing(), layout.index(), layout.content())) {
            checkFolder(folder);
        }
        checkFormat(layout);
    }

    private void checkRoot() {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new StoreRootException("The root of the store, " + root + ", is a file.", ANOTHER_PATH);
        }
        Path existing = nearestExisting();
        if (!Files.isDirectory(existing)) {
            throw new StoreRootException(
                    "The root of the store, " + root + ", cannot be made: " + existing
                            + (Files.exists(existing) ? " is a file." : " is a link to nothing."),
                    ANOTHER_PATH);
        }
        if (!Files.isWritable(existing)) {
            throw new StoreRootException(
                    "The root of the store, " + root + ", cannot be written: " + existing
                            + " is read-only for this process.",
                    "Give this user the right to write there, or choose another path.");
        }
    }

    /** The root, or what is nearest above it: a folder, or something that is in the way. */
    Path nearestExisting() {
        Path existing = root;
        Path parent = root.getParent();
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && parent != null) {
            existing = parent;
            parent = existing.getParent();
        }
        return existing;
    }

    private static void checkFolder(Path folder) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreRootException(
                    folder + " is not a folder, but a link or a file, which a store does not follow.", ANOTHER_PATH);
        }
    }

    private static void checkOwnFolder(Path folder) throws IOException {
        checkFolder(folder);
        if (!Files.exists(folder)) {
            return;
        }
        if (!Ownership.isOurs(folder) || Ownership.othersMayWrite(folder)) {
            throw new StoreRootException(
                    folder + " belongs to another user, or may be changed by others.", ANOTHER_PATH);
        }
    }

    private static void checkFormat(StoreLayout layout) throws IOException {
        try {
            String found = Files.readString(layout.format());
            if (!found.equals(StoreLayout.FORMAT)) {
                throw new StoreRootException(
                        layout.base() + " is a store of another version: " + found.strip() + ".",
                        "Use the version of Monolith Cache that wrote it, or choose another path.");
            }
        } catch (NoSuchFileException unused) {
            // nothing was stored here yet
        }
    }
}
