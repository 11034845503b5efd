// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.s3.OwnClock.Moment;
import io.monolithcache.owner.OwnerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one owner, as a chain of objects: a renewal adds a link. Who takes the owner for dead writes the next
 * link, empty, and exactly one of both is written. An owner that finds a dead mark in its place, or no chain at all, or
 * whose renewal took too long to be sure of it, is lost, and never comes back under this name.
 *
 * <pre>
 * renew   PUT the next link if absent, the same again after an error; refused → LIST, whose is it?
 *         more than H/4 since the begin of the last good renewal → lost, even if it was written
 *         DELETE what is older than the last two
 * </pre>
 *
 * <p>Its owner sees to it that one thread at a time renews it.
 */
final class LeaseChain {

    /** How a renewal ended; one that is not known to have ended throws. */
    enum Renewal {
        GOOD,
        LOST
    }

    private static final Logger log = LoggerFactory.getLogger(LeaseChain.class);

    private static final int KEPT = 2;

    private final S3Objects bucket;
    private final OwnClock clock;
    private final S3RegistrySettings settings;
    private final String name;
    private final LeaseLink link;
    private final List<String> superseded = new ArrayList<>();
    private long last = 1;

    /** When the first attempt to write the next link began; null if there was none. */
    private @Nullable Moment attempted;

    private volatile Moment renewed;

    private LeaseChain(S3Objects bucket, OwnClock clock, S3RegistrySettings settings, String name, Moment renewed) {
        this.bucket = bucket;
        this.clock = clock;
        this.settings = settings;
        this.name = name;
        this.link = LeaseLink.ofThisProcess(settings.lease());
        this.renewed = renewed;
    }

    /** One in a fresh name. Its first link is there before anybody can read the name. */
    static LeaseChain start(S3Objects bucket, OwnClock clock, S3RegistrySettings settings) {
        String name = OwnerName.fresh().toString();
        Moment begin = clock.now();
        LeaseChain chain = new LeaseChain(bucket, clock, settings, name, begin);
        if (!bucket.putIfAbsent(S3Keys.link(name, 1), chain.link.text()).isWritten()) {
            throw new CacheBackendException("The lease of " + name + " is somebody else's", null);
        }
        return chain;
    }

    String name() {
        return name;
    }

    String host() {
        return link.host();
    }

    /** How long ago the last good renewal began. */
    Duration age() {
        return clock.since(renewed);
    }

    /** Whether others may take the owner for dead. */
    boolean isDoubtful() {
        return age().compareTo(settings.lease()) >= 0;
    }

    /** @throws CacheBackendException if it is not known how it ended; the next one finds out */
    Renewal renew() {
        Moment begin = clock.now();
        Moment first = attempted == null ? begin : attempted;
        attempted = first;
        String key = S3Keys.link(name, last + 1);
        Moment written = begin;
        if (!bucket.putIfAbsent(key, link.text()).isWritten()) {
            if (!isMine(last + 1)) {
                return Renewal.LOST;
            }
            written = first;
        }
        if (age().compareTo(settings.guard()) > 0) {
            forget(key);
            return Renewal.LOST;
        }
        last++;
        attempted = null;
        renewed = written;
        if (last > KEPT) {
            superseded.add(S3Keys.link(name, last - KEPT));
            deleteSuperseded();
        }
        return Renewal.GOOD;
    }

    /**
     * Whether the link there is this owner's, and not a dead mark.
     *
     * @throws CacheBackendException if none is there, but the one before: then another request for it is under way,
     *     perhaps our own, which was not answered
     */
    private boolean isMine(long number) {
        Numbered links = Numbered.list(bucket, S3Keys.chain(name));
        S3Objects.Listed found = links.objects().get(number);
        if (found == null && links.objects().containsKey(number - 1)) {
            throw new CacheBackendException(
                    "S3 refused to renew the lease of this process, and nobody else has written it", null);
        }
        return found != null && found.size() > 0;
    }

    /** Nobody needs to wait for its end. */
    private void forget(String key) {
        try {
            bucket.delete(List.of(key));
        } catch (CacheBackendException failure) {
            log.debug("The last link of {} is left to the sweep", name, failure);
        }
    }

    private void deleteSuperseded() {
        try {
            bucket.delete(superseded);
            superseded.clear();
        } catch (CacheBackendException failure) {
            log.debug("{} old links of {} are deleted later", superseded.size(), name, failure);
        }
    }

    /** Ends it: an owner without a chain is dead. The highest link goes last, so that it is alive or gone. */
    void end() {
        try {
            if (last > 1) {
                superseded.add(S3Keys.link(name, last - 1));
                bucket.delete(superseded);
            }
            bucket.delete(List.of(S3Keys.link(name, last)));
        } catch (CacheBackendException failure) {
            log.debug("The lease of {} is left to end by itself", name, failure);
        }
    }
}
