// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.s3.CacheState.Version;
import io.monolithcache.directory.s3.OwnClock.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The states of caches, one after the other. Who wants another one writes it under the next number, if there is none
 * yet: of several, exactly one does, and the others read again.
 *
 * <pre>
 * read    LIST registry/&lt;id&gt;/; no version 1 → there is no such cache; GET the highest, unless it is known
 * change  read; PUT the next if absent; refused, failed or slow → read again, the state will say
 * create  PUT version 1, once
 * </pre>
 *
 * <p>Old versions are deleted after H, and what a reader has seen is good for H/4: so nobody builds on a version that
 * was deleted meanwhile. A version that lands late, in the hole that a deletion left, is below the highest, or without
 * a first one, and means nothing.
 */
final class StateChain {

    private static final int READS = 20;
    private static final int CHANGES = 200;
    private static final int FAILURES = 3;
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int LONGEST_DOUBLINGS = 6;

    private final S3Objects bucket;
    private final OwnClock clock;
    private final Duration guard;
    private final KnownVersions known = new KnownVersions();

    StateChain(S3Objects bucket, OwnClock clock, Duration guard) {
        this.bucket = bucket;
        this.clock = clock;
        this.guard = guard;
    }

    /**
     * What a change is decided on.
     *
     * @param asked when the reading began
     * @param answered when the store told it, by its own clock
     * @param tried whether this very change may have been made already
     */
    record Seen(CacheState state, Moment asked, Instant answered, boolean tried) {}

    /** Decides from what is there; may be asked again with another state. */
    @FunctionalInterface
    interface Change {

        /** The next state, or the very same one if it is as it should be. */
        CacheState next(Seen seen);
    }

    /**
     * How a change ended.
     *
     * @param mine whether the version was written by it, for certain
     */
    record Changed(Version version, boolean mine) {

        CacheState state() {
            return version.state();
        }
    }

    /**
     * What was read.
     *
     * @param start when the reading began
     * @param answered when the store told it, by its own clock
     */
    record Read(Version version, Moment start, Instant answered) {

        CacheState state() {
            return version.state();
        }
    }

    /** A version that a listing showed; null if it is gone already. */
    @Nullable CacheState version(CacheId id, long number) {
        CacheState state = known.find(id, number);
        if (state != null) {
            return state;
        }
        String key = S3Keys.version(id, number);
        S3Objects.Found found = bucket.get(key);
        if (found == null) {
            return null;
        }
        CacheState read = CacheStateJson.read(key, found.content());
        known.add(new Version(id, number, read), found.content().length);
        return read;
    }

    /** Null if there is no such cache. */
    @Nullable Read read(CacheId id) {
        for (int attempt = 0; attempt < READS; attempt++) {
            Moment start = clock.now();
            Numbered versions = Numbered.list(bucket, S3Keys.versions(id));
            if (!versions.hasFirst()) {
                known.forget(id);
                return null;
            }
            long highest = versions.highest();
            CacheState state = version(id, highest);
            if (state != null && isInTime(start)) {
                return new Read(new Version(id, highest, state), start, versions.date());
            }
        }
        throw new CacheBackendException(
                "The state of cache " + id + " could not be read in " + READS + " attempts: each took longer than "
                        + guard + ", or it changed meanwhile. Try again",
                null);
    }

    private boolean isInTime(Moment start) {
        return clock.since(start).compareTo(guard) <= 0;
    }

    /**
     * Writes the first version.
     *
     * @return false if there is one; then it was not written
     * @throws CacheBackendException if it is not known whether it was, or is going to be
     */
    boolean create(CacheId id, CacheState state) {
        byte[] text = CacheStateJson.write(state);
        Moment start = clock.now();
        if (!bucket.putIfAbsent(S3Keys.version(id, 1), text).isWritten()) {
            return false;
        }
        if (!isInTime(start)) {
            throw new CacheBackendException("S3 took longer than " + guard + " to answer", null);
        }
        known.add(new Version(id, 1, state), text.length);
        return true;
    }

    /**
     * Changes the state, for exactly one of those who try.
     *
     * @throws CacheNotFoundException if there is no such cache
     * @throws CacheBackendException if it is not known whether that has changed it, or is going to
     */
    Changed change(CacheId id, Change change) {
        boolean tried = false;
        int failures = 0;
        for (int attempt = 0; attempt < CHANGES; attempt++) {
            Read read = read(id);
            if (read == null) {
                throw new CacheNotFoundException(id);
            }
            CacheState state = read.version().state();
            CacheState next = change.next(new Seen(state, read.start(), read.answered(), tried));
            if (next.equals(state)) {
                return new Changed(read.version(), false);
            }
            Version wanted = new Version(id, read.version().number() + 1, next);
            byte[] text = CacheStateJson.write(next);
            PutOutcome outcome = bucket.putIfAbsent(S3Keys.version(id, wanted.number()), text);
            if (outcome == PutOutcome.Known.WRITTEN && isInTime(read.start())) {
                known.add(wanted, text.length);
                return new Changed(wanted, true);
            }
            tried |= outcome != PutOutcome.Known.REFUSED;
            if (outcome instanceof PutOutcome.Unknown unknown && ++failures == FAILURES) {
                throw unknown.failure();
            }
            pause(attempt);
        }
        throw new CacheBackendException(
                "Cache " + id + " was changed by others before each of " + CHANGES + " attempts. Try again", null);
    }

    /** Those who collide do not collide again. */
    private static void pause(int attempt) {
        long longest = SHORTEST_PAUSE << Math.min(attempt, LONGEST_DOUBLINGS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
    }

    /** Removes all that is there of a cache that was wiped; the first version goes first. */
    void remove(CacheId id, Numbered versions) {
        if (versions.hasFirst()) {
            bucket.delete(List.of(S3Keys.version(id, 1)));
        }
        List<String> rest = versions.keysBut(1);
        if (!rest.isEmpty()) {
            bucket.delete(rest);
        }
        known.forget(id);
    }

    /** A sweep has looked at the state of every cache. */
    void endSweep() {
        known.endSweep();
    }

    /** How many states are remembered. */
    int remembered() {
        return known.size();
    }

    void compact(Numbered versions, Duration age) {
        List<String> superseded = versions.superseded(age);
        if (!superseded.isEmpty()) {
            bucket.delete(superseded);
        }
    }
}
