// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The marks that a wipe of a directory has begun, one for each wiper:
 *
 * <pre>
 * caches/01k8…/.wiping/4711-179…-5f0c…-3   an empty file, the third wipe of that process
 * </pre>
 *
 * <p>The folder is the mark, so that to look for one is to look for one name; it goes with the last file in it. A file
 * or a link of that name is a mark too, whoever made it, and is never followed. Where a disk has no room for a file,
 * the mark is the set-user-id bit of the directory, which means nothing for directories: a full disk is when wipes are
 * needed most. A bit does not tell whose it is, so it stays when a wiper gives up.
 */
final class WipeMark {

    private static final String MODE = "unix:mode";
    private static final int SET_USER_ID = 0_4000;

    /** Each attempt fails only if another wiper, or the holder, has just cleaned up. */
    private static final int ATTEMPTS = 100;

    private WipeMark() {}

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static Path folder(Path directory) {
        return directory.resolve(RelativeName.WIPE_MARK);
    }

    /** Marks a directory for one wiper. @return false if there is none */
    static boolean set(Path directory, String wiper) throws IOException {
        try {
            return setFile(directory, wiper);
        } catch (FileSystemException noRoom) {
            return setBit(directory, noRoom);
        }
    }

    private static boolean setFile(Path directory, String wiper) throws IOException {
        Path folder = folder(directory);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                withRights(directory, () -> Files.createDirectory(folder));
            } catch (FileAlreadyExistsException another) {
                if (isSomethingElse(folder)) {
                    return true;
                }
            } catch (NoSuchFileException gone) {
                return false;
            }
            try {
                withRights(folder, () -> Files.createFile(folder.resolve(wiper)));
                return true;
            } catch (FileAlreadyExistsException again) {
                return true;
            } catch (NoSuchFileException cleanedUp) {
                // the folder went with the mark of another, or the whole directory did
            }
        }
        throw new FileSystemException(folder.toString(), null, "it was taken away as often as it was made");
    }

    /** Whether a file or a link lies there; a junction of Windows reads as a directory of another kind. */
    private static boolean isSomethingElse(Path folder) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return !attributes.isDirectory() || attributes.isOther();
        } catch (NoSuchFileException cleanedUp) {
            return false;
        }
    }

    private static void withRights(Path directory, Step step) throws IOException {
        try {
            step.run();
        } catch (AccessDeniedException noRights) {
            Permissions.makeWritable(directory);
            try {
                step.run();
            } catch (AccessDeniedException again) {
                throw noRights;
            }
        }
    }

    private static boolean setBit(Path directory, FileSystemException noRoom) throws IOException {
        try {
            changeMode(directory, mode(directory) | SET_USER_ID);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (UnsupportedOperationException | IOException another) {
            noRoom.addSuppressed(another);
            throw noRoom;
        }
    }

    /** Whether anybody's mark is there. False also for what is not there. */
    static boolean isSet(Path directory) throws IOException {
        if (Files.exists(folder(directory), LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        return hasBit(directory);
    }

    private static boolean hasBit(Path directory) throws IOException {
        try {
            return (mode(directory) & SET_USER_ID) != 0;
        } catch (NoSuchFileException | UnsupportedOperationException none) {
            return false;
        }
    }

    /** Takes the mark of one wiper away, if it is there, and no other. */
    static void unset(Path directory, String wiper) throws IOException {
        Path folder = folder(directory);
        if (isSomethingElse(folder)) {
            return;
        }
        Files.deleteIfExists(folder.resolve(wiper));
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException others) {
            // theirs stay
        }
    }

    /** Takes the bit away. */
    static void clearBit(Path directory) throws IOException {
        if (hasBit(directory)) {
            changeMode(directory, mode(directory) & ~SET_USER_ID);
        }
    }

    private static int mode(Path directory) throws IOException {
        return (Integer) Files.getAttribute(directory, MODE, LinkOption.NOFOLLOW_LINKS) & 0_7777;
    }

    private static void changeMode(Path directory, int mode) throws IOException {
        Files.setAttribute(directory, MODE, mode, LinkOption.NOFOLLOW_LINKS);
    }
}
