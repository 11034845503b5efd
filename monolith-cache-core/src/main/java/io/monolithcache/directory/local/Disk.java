// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns what the disk says into a message that names what was attempted, where, and what to do. */
final class Disk {

    private Disk() {}

    @FunctionalInterface
    interface Action<T extends @Nullable Object> {
        T run() throws IOException;
    }

    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    static <T extends @Nullable Object> T call(String attempt, Action<T> action) {
        try {
            return action.run();
        } catch (IOException failure) {
            throw failure(attempt, failure);
        } catch (DirectoryIteratorException failure) {
            throw failure(attempt, Objects.requireNonNull(failure.getCause()));
        }
    }

    static void run(String attempt, Step step) {
        Action<@Nullable Object> action = () -> {
            step.run();
            return null;
        };
        call(attempt, action);
    }

    /**
     * Whether the disk says that there is nothing; false if it cannot tell. Not {@link Files#notExists}, for which on
     * newer JDKs also a file in the place of a folder on the way means that there is nothing.
     */
    static boolean isAbsent(Path path) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return false;
        } catch (NoSuchFileException none) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Takes a step back after a failure; what fails then comes with it. */
    static void undo(Exception failure, Step step) {
        try {
            step.run();
        } catch (IOException | CacheBackendException another) {
            failure.addSuppressed(another);
        }
    }

    /** Makes a folder, unless another process has made it. */
    static void createIfMissing(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException there) {
            // then there is nothing to do
        }
    }

    static CacheBackendException failure(String attempt, IOException failure) {
        return new CacheBackendException(message(attempt, failure), failure);
    }

    /** The same where an interface wants an {@code IOException}. */
    static IOException ioFailure(String attempt, IOException failure) {
        return new IOException(message(attempt, failure), failure);
    }

    private static String message(String attempt, IOException failure) {
        return "Could not " + attempt + ": " + describe(failure) + ". " + advice(failure);
    }

    private static String describe(IOException failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + " is not there";
        }
        if (failure instanceof AccessDeniedException denied) {
            return "access to " + denied.getFile() + " is denied";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static String advice(IOException failure) {
        String reason = failure instanceof FileSystemException detailed && detailed.getReason() != null
                ? detailed.getReason()
                : String.valueOf(failure.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("no space") || lower.contains("quota")) {
            return "Free space on that disk, or set monolith.cache.local.path to another one";
        }
        if (lower.contains("read-only")) {
            return "Make that file system writable, or set monolith.cache.local.path to another one";
        }
        if (lower.contains("is a directory") || lower.contains("not a directory")) {
            return "Something of another kind lies there: move it away";
        }
        if (lower.contains("too many open files")) {
            return "Close what is not used, or raise the limit of open files (ulimit -n)";
        }
        if (lower.contains("name too long")) {
            return "Take a shorter name";
        }
        if (failure instanceof AccessDeniedException) {
            return "Give this user the rights, or set monolith.cache.local.path to a folder of its own";
        }
        if (failure instanceof NoSuchFileException) {
            return "Somebody removed it by hand; if the whole cache root is gone, restart the application";
        }
        return "Check that disk";
    }
}
