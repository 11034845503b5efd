// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock of a cache: an empty file among its references, named {@code locked} or {@code locked-until-<epoch ms>}. The
 * time is in the name, so that a lock is removed by exactly the name that was judged.
 *
 * @param until when it ends; null for no end
 */
record LockFile(String name, @Nullable Instant until) {

    static final LockFile WITHOUT_END = new LockFile("locked", null);

    private static final String UNTIL = "locked-until-";

    static LockFile until(@Nullable Instant end) {
        return end == null ? WITHOUT_END : new LockFile(UNTIL + end.toEpochMilli(), end);
    }

    /**
     * Reads the name of a file among the references; empty for a reference. A lock that is not understood has no end.
     */
    static Optional<LockFile> parse(String name) {
        if (!name.startsWith(WITHOUT_END.name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    name.startsWith(UNTIL)
                            ? new LockFile(name, Instant.ofEpochMilli(Long.parseLong(name.substring(UNTIL.length()))))
                            : new LockFile(name, null));
        } catch (NumberFormatException foreign) {
            return Optional.of(new LockFile(name, null));
        }
    }

    boolean isExpired(Instant now) {
        return until != null && !now.isBefore(until);
    }

    /** Whether this one ends after the other; one without an end outlasts every other. */
    boolean outlasts(LockFile other) {
        return other.until != null && (until == null || until.isAfter(other.until));
    }

    /** The lock that stands longest, if any does. */
    static Optional<LockFile> longest(Collection<LockFile> locks, Instant now) {
        return locks.stream()
                .filter(lock -> !lock.isExpired(now))
                .max(Comparator.comparing(lock -> lock.until == null ? Instant.MAX : lock.until));
    }
}
