// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The mark that a wipe of a directory has begun: a file {@code .wiping} in it. Where a disk has no room for one, it is
 * the set-user-id bit of the directory, which means nothing for directories: a full disk is when wipes are needed most.
 */
final class WipeMark {

    private static final String MODE = "unix:mode";
    private static final int SET_USER_ID = 0_4000;

    private WipeMark() {}

    private static Path file(Path directory) {
        return directory.resolve(RelativeName.WIPE_MARK);
    }

    /** Marks a directory. @return false if there is none */
    static boolean set(Path directory) throws IOException {
        try {
            setFile(directory);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (FileSystemException noRoom) {
            return setBit(directory, noRoom);
        }
    }

    private static void setFile(Path directory) throws IOException {
        try {
            Files.createFile(file(directory));
        } catch (FileAlreadyExistsException again) {
            // then it is marked
        } catch (AccessDeniedException noRights) {
            Permissions.makeWritable(directory);
            setFile(directory, noRights);
        }
    }

    private static void setFile(Path directory, AccessDeniedException before) throws IOException {
        try {
            Files.createFile(file(directory));
        } catch (FileAlreadyExistsException again) {
            // then it is marked
        } catch (AccessDeniedException again) {
            throw before;
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

    /** False also for what is not there. */
    static boolean isSet(Path directory) throws IOException {
        if (Files.exists(file(directory), LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try {
            return (mode(directory) & SET_USER_ID) != 0;
        } catch (NoSuchFileException | UnsupportedOperationException none) {
            return false;
        }
    }

    static void clear(Path directory) throws IOException {
        Files.deleteIfExists(file(directory));
        if (isSet(directory)) {
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
