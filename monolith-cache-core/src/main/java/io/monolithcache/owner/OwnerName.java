// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an owner, {@code <pid>-<process start in milliseconds>-<random>}, for instance
 * {@code 4711-1795178595000-5f0c7a9be21d4c36}. The pid alone would not do: in containers it is always 1.
 */
public record OwnerName(long pid, long startedAt, String random) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})-([0-9a-f]{16})");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final long OWN_START = ProcessHandle.current()
            .info()
            .startInstant()
            .map(Instant::toEpochMilli)
            .orElse(0L);

    /** A name for a new owner of this process, never used before. */
    public static OwnerName fresh() {
        return new OwnerName(OWN_PID, OWN_START, String.format("%016x", RANDOM.nextLong()));
    }

    /** Reads the name of an owner file or of a reference; empty if it is neither. */
    public static Optional<OwnerName> parse(String text) {
        Matcher match = FORM.matcher(text);
        return match.matches()
                ? Optional.of(
                        new OwnerName(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)), match.group(3)))
                : Optional.empty();
    }

    boolean isOfThisProcess() {
        return pid == OWN_PID && startedAt == OWN_START;
    }

    @Override
    public String toString() {
        return pid + "-" + startedAt + "-" + random;
    }
}
