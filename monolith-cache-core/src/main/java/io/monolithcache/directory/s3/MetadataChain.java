// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.s3.MetadataVersions.Version;
import io.monolithcache.directory.s3.OwnClock.Moment;
import io.monolithcache.directory.s3.S3Objects.Listed;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata of each cache as a chain of objects that are written once, {@code metadata/<id>/<20 digits>}. The
 * highest version is the truth, and the next one is written with create-if-absent, so of several writers exactly one
 * succeeds, and the others read again:
 *
 * <pre>
 * create   PUT version 1, once
 * look     LIST metadata/&lt;id&gt;/; no version 1, or the highest says removed → GONE; a mark → MARKED; else GET the highest
 * update   look; PUT the next version; refused → again; no answer → LIST: the version there says who wrote it
 * mark     look; PUT .wiping-&lt;wiper&gt;
 * remove   look; PUT trash/&lt;id&gt;; PUT the next version, which says removed: it collides with updates, and with others
 *          who remove
 * forget   DELETE version 1, then DELETE the others, then DELETE trash/&lt;id&gt;
 * </pre>
 *
 * <p>Version 1 stays until the end, and goes first then: a writer that was paused may yet write a version, and without
 * a first one that is nothing. Versions in between are deleted when their successor is older than {@link #KEPT}, and a
 * writer that has read longer ago than a quarter of that does not take its success for granted: its version may lie in
 * the hole that a deletion left.
 */
final class MetadataChain implements S3Caches {

    /** How long a version is kept after it was replaced. No request takes effect so long after it was made. */
    static final Duration KEPT = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(MetadataChain.class);

    private static final Duration GUARD = KEPT.dividedBy(4);
    private static final int ATTEMPTS = 200;
    private static final int FAILURES = 3;
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int LONGEST_DOUBLINGS = 6;

    private final S3Objects objects;
    private final OwnClock clock;
    private final KnownMetadata known;

    MetadataChain(S3Objects objects, OwnClock clock) {
        this.objects = objects;
        this.clock = clock;
        this.known = new KnownMetadata(objects);
    }

    @Override
    public void create(CacheId id, Map<String, Object> metadata) {
        PutOutcome outcome = objects.putIfAbsent(
                S3Layout.version(id, 1), Version.of(metadata).text());
        if (!outcome.isWritten()) {
            throw new CacheBackendException("There is a cache " + id + " already, in " + objects, null);
        }
    }

    /** Null if there is no such cache. */
    private @Nullable MetadataVersions there(CacheId id) {
        MetadataVersions versions = MetadataVersions.list(objects, id);
        return versions.hasFirst() && !known.saysRemoved(versions.highest()) ? versions : null;
    }

    private MetadataVersions require(CacheId id) {
        MetadataVersions versions = there(id);
        if (versions == null) {
            throw new CacheNotFoundException(id);
        }
        return versions;
    }

    @Override
    public Look look(CacheId id, Instant now) {
        return withHighest(id, (versions, version) -> {
            if (versions == null || version == null) {
                return Look.GONE;
            }
            return Look.of(versions.isMarked(), DirectoryStorage.isLocked(version.orEmpty(), now));
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(@Nullable MetadataVersions versions, @Nullable Version highest);
    }

    /** Reads the highest version; again, if that was replaced and deleted meanwhile. */
    private <T> T withHighest(CacheId id, Reading<T> reading) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            MetadataVersions versions = there(id);
            if (versions == null) {
                return reading.of(null, null);
            }
            Version version = known.read(versions.highest());
            if (version != null) {
                return reading.of(versions, version);
            }
        }
        throw restless(id);
    }

    private static CacheBackendException restless(CacheId id) {
        return new CacheBackendException(
                "The metadata of cache " + id + " were changed by others before each of " + ATTEMPTS
                        + " attempts. Try again",
                null);
    }

    @Override
    public Map<String, Object> read(CacheId id) {
        return withHighest(id, (versions, version) -> {
            if (versions == null || version == null) {
                throw new CacheNotFoundException(id);
            }
            return show(versions, version);
        });
    }

    private static Map<String, Object> show(MetadataVersions versions, Version version) {
        if (version.isDamaged()) {
            log.warn(
                    "{} is damaged; the metadata of that cache read as empty",
                    versions.highest().key());
        }
        return version.orEmpty();
    }

    @Override
    public Map<String, Object> update(CacheId id, UnaryOperator<Map<String, Object>> change) {
        Version written = append(id, old -> Version.of(change.apply(old)));
        return written.orEmpty();
    }

    @Override
    public boolean remove(CacheId id) {
        if (there(id) == null) {
            return false;
        }
        objects.put(S3Layout.trash(id), new byte[0]);
        try {
            Version unused = append(id, old -> Version.removed());
            return true;
        } catch (CacheNotFoundException already) {
            return false;
        }
    }

    /** Writes the version that follows the highest, whichever that is by then. */
    private Version append(CacheId id, Function<Map<String, Object>, Version> next) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Moment start = clock.now();
            MetadataVersions versions = require(id);
            Version old = known.read(versions.highest());
            if (old != null) {
                Version wanted = next.apply(show(versions, old));
                if (write(id, versions.number() + 1, wanted, start)) {
                    compact(versions);
                    return wanted;
                }
                pause(attempt);
            }
        }
        throw restless(id);
    }

    /** False if another one was written there. */
    private boolean write(CacheId id, long number, Version wanted, Moment start) {
        PutOutcome outcome = objects.putIfAbsent(S3Layout.version(id, number), wanted.text());
        if (outcome == PutOutcome.Known.REFUSED) {
            return false;
        }
        if (outcome == PutOutcome.Known.WRITTEN && isInTime(start)) {
            return true;
        }
        return settle(id, number, wanted, start);
    }

    private boolean isInTime(Moment start) {
        return clock.since(start).compareTo(GUARD) <= 0;
    }

    /** Finds out whose version is there, after a write that was not answered, or answered late. */
    private boolean settle(CacheId id, long number, Version wanted, Moment start) {
        CacheBackendException last = null;
        for (int attempt = 0; attempt < FAILURES; attempt++) {
            try {
                MetadataVersions versions = MetadataVersions.list(objects, id);
                Listed there = versions.find(number);
                Version found = there == null ? null : known.read(there);
                if (found != null && (versions.number() == number || isInTime(start))) {
                    return found.isSameWrite(wanted);
                }
                if (!versions.hasFirst() || versions.number() > number || !isInTime(start)) {
                    break;
                }
                // not there: the very same again, so that it does not matter which of the two lands
                if (objects.putIfAbsent(S3Layout.version(id, number), wanted.text()) == PutOutcome.Known.WRITTEN) {
                    return true;
                }
            } catch (CacheBackendException failure) {
                last = failure;
                pause(attempt);
            }
        }
        throw new CacheBackendException(
                "Whether the metadata of cache " + id + " were changed is not known, because S3 did not answer in time."
                        + " Read them, and change them again if need be",
                last);
    }

    /** Those who collide do not collide again. */
    private static void pause(int attempt) {
        long longest = SHORTEST_PAUSE << Math.min(attempt, LONGEST_DOUBLINGS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
    }

    private void compact(MetadataVersions versions) {
        List<String> superseded = versions.superseded(KEPT);
        try {
            objects.delete(superseded);
        } catch (CacheBackendException failure) {
            log.debug("Old versions are deleted after the next change", failure);
        }
    }

    @Override
    public boolean mark(CacheId id, String wiper) {
        if (there(id) == null) {
            return false;
        }
        objects.put(S3Layout.mark(id, wiper), new byte[0]);
        return true;
    }

    @Override
    public void unmark(CacheId id, String wiper) {
        objects.delete(S3Layout.mark(id, wiper));
    }

    @Override
    public void unmark(CacheId id) {
        objects.delete(MetadataVersions.list(objects, id).marks());
    }

    @Override
    public List<CacheId> vanished() {
        List<CacheId> vanished = new ArrayList<>();
        Page page = objects.list(S3Layout.TRASH, null);
        while (true) {
            for (Listed note : page.objects()) {
                String name = note.key().substring(S3Layout.TRASH.length());
                if (CacheId.isValid(name) && hasVanished(CacheId.of(name), note, page.date())) {
                    vanished.add(CacheId.of(name));
                }
            }
            if (page.isLast()) {
                return vanished;
            }
            page = objects.list(S3Layout.TRASH, page.end());
        }
    }

    private boolean hasVanished(CacheId id, Listed note, Instant now) {
        if (there(id) == null) {
            return true;
        }
        if (Duration.between(note.lastModified(), now).compareTo(KEPT) > 0) {
            // whoever noted it died before he removed it
            objects.delete(note.key());
        }
        return false;
    }

    @Override
    public void forget(CacheId id) {
        objects.delete(S3Layout.version(id, 1));
        long unused = objects.deleteAll(S3Layout.metadata(id));
        objects.delete(S3Layout.trash(id));
    }

    /** What paused writers wrote after the end, and ends that nobody has noted any more. */
    @Override
    public int forgetRemains() {
        try (Stream<MetadataVersions> remains = MetadataVersions.all(objects, null)
                .filter(versions -> !versions.hasFirst() || isEndedLongAgo(versions))) {
            int forgotten = 0;
            for (Iterator<MetadataVersions> all = remains.iterator(); all.hasNext(); forgotten++) {
                forget(all.next().id());
            }
            return forgotten;
        }
    }

    private boolean isEndedLongAgo(MetadataVersions versions) {
        Listed highest = versions.highest();
        return Duration.between(highest.lastModified(), versions.date()).compareTo(KEPT) > 0
                && known.saysRemoved(highest);
    }

    @Override
    public boolean looksForData() {
        return false;
    }

    @Override
    public Stream<CacheId> list(@Nullable CacheId from) {
        return MetadataVersions.all(objects, from)
                .filter(versions -> versions.hasFirst() && !known.saysRemoved(versions.highest()))
                .map(MetadataVersions::id);
    }
}
