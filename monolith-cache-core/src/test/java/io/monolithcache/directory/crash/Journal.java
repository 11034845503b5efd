// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheRootException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What a child does, written as it does it: a line before each operation and a line after it, each by one system call.
 * So it is known afterwards what had been acknowledged when the child was killed, and what was under way. The times are
 * those of the system's monotonic clock, which all processes share.
 */
final class Journal {

    private final OutputStream out;
    private final boolean mayFail;

    /** @param mayFail whether the registry may be out of reach */
    Journal(Path file, boolean mayFail) throws IOException {
        this.mayFail = mayFail;
        out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    /** Writes an event that is not the begin or the end of an operation. */
    void note(Event.Phase phase, String manager, String id, String detail) {
        write(phase, "-", manager, id, detail);
    }

    /**
     * Runs an operation between its two lines.
     *
     * @param call answers with the id that it was about, a space, and a detail
     * @return whether it was done
     */
    boolean run(String operation, String manager, String id, String detail, Callable<String> call) {
        write(Event.Phase.WILL, operation, manager, id, detail);
        try {
            String[] answer = call.call().split(" ", 2);
            write(Event.Phase.DID, operation, manager, answer[0], answer[1]);
            return true;
        } catch (CacheNotFoundException | CacheInUseException | CacheLostException | IllegalStateException refused) {
            write(
                    Event.Phase.REFUSED,
                    operation,
                    manager,
                    id,
                    refused.getClass().getSimpleName());
        } catch (CacheBackendException failure) {
            boolean expected = mayFail && !(failure instanceof CacheRootException);
            write(expected ? Event.Phase.FAILED : Event.Phase.ERROR, operation, manager, id, describe(failure));
        } catch (IOException failure) {
            boolean expected = mayFail && isUnanswered(failure);
            write(expected ? Event.Phase.FAILED : Event.Phase.ERROR, operation, manager, id, describe(failure));
        } catch (Exception unexpected) {
            write(Event.Phase.ERROR, operation, manager, id, describe(unexpected));
        }
        return false;
    }

    /** A stream tells by its own exceptions that what is behind it cannot be reached. */
    private static boolean isUnanswered(IOException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CacheBackendException || cause instanceof SdkClientException) {
                return true;
            }
        }
        return false;
    }

    static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause).append(" at ").append(cause.getStackTrace().length > 0 ? cause.getStackTrace()[0] : "?");
            text.append("; ");
        }
        return text.toString().replaceAll("\\s+", " ");
    }

    private synchronized void write(Event.Phase phase, String operation, String manager, String id, String detail) {
        String line = System.nanoTime() + " " + Thread.currentThread().getId() + " " + phase + " " + operation + " "
                + manager + " " + id + " " + detail + "\n";
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
