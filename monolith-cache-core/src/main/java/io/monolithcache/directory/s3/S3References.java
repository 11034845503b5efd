// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.s3.CacheState.Phase;
import io.monolithcache.directory.s3.OwnClock.Moment;
import io.monolithcache.directory.s3.StateChain.Changed;
import io.monolithcache.directory.s3.StateChain.Read;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes references and drops them. What was written in the name of an owner that is lost meanwhile is nothing: it
 * starts over as the next one.
 */
final class S3References {

    private static final Logger log = LoggerFactory.getLogger(S3References.class);

    private static final int ATTEMPTS = 10;

    /** So many ids may fail one after the other before that is told; each is sent once. */
    private static final int GIVEN_UP_SILENTLY = 2;

    /** Nor is another one tried if that took so long already. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final StateChain states;
    private final DirectoryStorage storage;
    private final S3Owner owner;
    private final Claims claims;
    private final S3Wipe wipe;
    private final OwnClock clock;
    private final StoreTime time;
    private final AtomicInteger givenUp = new AtomicInteger();

    /** When it was last asked in vain whether something is held. */
    private volatile @Nullable Moment unreachable;

    S3References(
            StateChain states, DirectoryStorage storage, S3Owner owner, S3Wipe wipe, OwnClock clock, StoreTime time) {
        this.states = states;
        this.storage = storage;
        this.owner = owner;
        this.claims = owner.claims();
        this.wipe = wipe;
        this.clock = clock;
        this.time = time;
    }

    /**
     * Writes the first version, and only then the data.
     *
     * @return false if this id cannot be had
     */
    boolean create(CacheId id, Map<String, Object> metadata) {
        LeaseChain me = owner.ready();
        if (claims.contains(id)) {
            return false;
        }
        claims.begin(id);
        try {
            Moment begin = clock.now();
            if (!isWritten(me, id, metadata, begin)) {
                return false;
            }
            publish(me, id, metadata);
            return owner.claim(me, id, begin);
        } finally {
            claims.end(id);
        }
    }

    private boolean isWritten(LeaseChain me, CacheId id, Map<String, Object> metadata, Moment begin) {
        try {
            boolean written = states.create(id, CacheState.created(me.name(), me.host(), metadata));
            givenUp.set(0);
            return written;
        } catch (CacheBackendException unknown) {
            // if it was, nobody has heard of it; whoever waits need not wait for that too
            wipe.later(() -> dropQuietly(me, id));
            if (givenUp.incrementAndGet() > GIVEN_UP_SILENTLY
                    || clock.since(begin).compareTo(PATIENCE) > 0) {
                throw unknown;
            }
            log.debug("Cache {} was given up, because it is not known whether it was created", id, unknown);
            return false;
        }
    }

    private void publish(LeaseChain me, CacheId id, Map<String, Object> metadata) {
        try {
            storage.publish(storage.prepare(), id, metadata);
        } catch (CacheException | IllegalArgumentException failure) {
            dropQuietly(me, id);
            throw failure;
        }
    }

    /** @throws CacheNotFoundException if there is no such cache, or its wipe has begun */
    void attach(CacheId id) {
        claims.begin(id);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                LeaseChain me = owner.ready();
                Moment begin = clock.now();
                add(me, id);
                if (owner.claim(me, id, begin)) {
                    return;
                }
            }
        } finally {
            claims.end(id);
        }
        throw new CacheBackendException(
                "This process was taken for dead in each of " + ATTEMPTS + " attempts. Try again", null);
    }

    private void add(LeaseChain me, CacheId id) {
        try {
            Changed unused = states.change(id, seen -> {
                requireLive(id, seen.state());
                return seen.state().with(me.name(), me.host());
            });
        } catch (CacheBackendException failure) {
            if (!claims.contains(id)) {
                // it may have been written, or be about to
                dropQuietly(me, id);
            }
            throw failure;
        }
    }

    static void requireLive(CacheId id, CacheState state) {
        if (!state.isLive()) {
            throw new CacheNotFoundException(id);
        }
    }

    /** @throws CacheLostException if the reference was not there any more */
    void release(CacheId id) {
        claims.begin(id);
        try {
            owner.requireHeld(id);
            LeaseChain me = owner.ready();
            owner.requireHeld(id);
            boolean stood = drop(me, id);
            if (!claims.remove(id) || !stood) {
                throw new CacheLostException(id);
            }
        } finally {
            claims.end(id);
        }
    }

    /**
     * Drops the reference, and wipes what nobody needs any more.
     *
     * @return false if there was none
     */
    private boolean drop(LeaseChain me, CacheId id) {
        boolean[] stood = new boolean[1];
        Changed changed;
        try {
            changed = states.change(id, seen -> {
                stood[0] =
                        seen.tried() || (seen.state().isLive() && seen.state().names(me.name()));
                return without(me, seen);
            });
        } catch (CacheNotFoundException gone) {
            return false;
        }
        if (changed.state().phase() == Phase.WIPING) {
            wipe.inBackground(id);
        }
        return stood[0];
    }

    private CacheState without(LeaseChain me, StateChain.Seen seen) {
        CacheState state = seen.state();
        return state.isLive() && state.names(me.name())
                ? state.without(List.of(me.name())).wipingIfUnneeded(time.now(seen.answered()))
                : state;
    }

    /** As good as it can be done now. What stays is corrected by the next sweep, or goes with this owner. */
    private void dropQuietly(LeaseChain me, CacheId id) {
        try {
            boolean unused = drop(me, id);
        } catch (CacheBackendException failure) {
            log.debug("Cache {} may still name this process, which the next sweep corrects", id, failure);
        }
    }

    /** A state names this owner that does not claim the cache: it was written by a request of unknown outcome. */
    void correct(LeaseChain me, CacheId id) {
        claims.correct(id, () -> dropQuietly(me, id));
    }

    /** Whether the state still names this owner, as far as can be known. */
    boolean holds(CacheId id, Duration recheck) {
        Moment seen = claims.seen(id);
        LeaseChain me = owner.life();
        if (seen == null || me == null) {
            return false;
        }
        if (clock.since(seen).compareTo(recheck) < 0 || isUnreachable(recheck)) {
            return true;
        }
        Moment now = clock.now();
        try {
            Read read = states.read(id);
            if (read != null && read.state().isLive() && read.state().names(me.name())) {
                claims.confirm(id, seen, now);
                return claims.contains(id);
            }
            // it may have been released and taken again meanwhile, by another thread
            boolean unused = claims.remove(id, seen);
            return claims.contains(id);
        } catch (CacheBackendException unknown) {
            // from its end on: what fails may take longer than what is waited for in between
            unreachable = clock.now();
            return claims.contains(id);
        }
    }

    /** Else each of many caches would wait for an answer that does not come. */
    private boolean isUnreachable(Duration recheck) {
        Moment last = unreachable;
        return last != null && clock.since(last).compareTo(recheck) < 0;
    }
}
