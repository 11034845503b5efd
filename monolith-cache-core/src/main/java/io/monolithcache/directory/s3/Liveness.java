// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether an owner is dead, and makes sure of it: whoever finds that a lease has lapsed writes the next link,
 * empty, and believes it only once that is the highest. Death is for ever.
 *
 * <pre>
 * LIST owners/&lt;o&gt;/: nothing → dead; the highest is a dead mark → dead; it is younger than the lease → alive
 * PUT the next link, empty, if absent: refused, or failed → alive for now
 * LIST again: dead only if the mark is the highest
 * </pre>
 */
final class Liveness {

    private static final Logger log = LoggerFactory.getLogger(Liveness.class);

    private static final byte[] DEAD_MARK = {};

    private final S3Objects bucket;
    private final S3RegistrySettings settings;

    Liveness(S3Objects bucket, S3RegistrySettings settings) {
        this.bucket = bucket;
        this.settings = settings;
    }

    boolean isDead(String owner) {
        String chain = S3Keys.chain(owner);
        Numbered links = Numbered.list(bucket, chain);
        if (links.isEmpty() || links.isDeadMark()) {
            return true;
        }
        if (!hasLapsed(links)) {
            return false;
        }
        long mark = links.highest() + 1;
        if (!isWritten(owner, mark)) {
            return false;
        }
        Numbered now = Numbered.list(bucket, chain);
        return !now.isEmpty() && now.highest() == mark && now.isDeadMark();
    }

    /** By the lease that it has itself; it may be longer than that of this process. */
    private boolean hasLapsed(Numbered links) {
        long highest = links.highest();
        if (!links.isOlder(highest, settings.lease())) {
            return false;
        }
        S3Objects.Found found = bucket.get(links.last().key());
        // it was renewed meanwhile, and this link deleted
        if (found == null) {
            return false;
        }
        LeaseLink link = LeaseLink.read(found.content());
        return link == null || links.isOlder(highest, link.lease());
    }

    private boolean isWritten(String owner, long mark) {
        try {
            return bucket.putIfAbsent(S3Keys.link(owner, mark), DEAD_MARK).isWritten();
        } catch (CacheBackendException unknown) {
            log.debug("Owner {} is taken for alive until the next sweep", owner, unknown);
            return false;
        }
    }

    /** Whether an owner is worth the requests of {@link #isDead}. */
    boolean isSuspect(Numbered links) {
        return links.isEmpty() || links.isDeadMark() || links.isOlder(links.highest(), settings.lease());
    }

    /** Removes the chain of an owner who has been dead for so long that nothing of its own can arrive any more. */
    void removeIfLongDead(Numbered links) {
        if (links.isEmpty() || !links.isDeadMark() || !links.isOlder(links.highest(), settings.horizon())) {
            return;
        }
        List<String> others = links.keysBut(links.highest());
        if (!others.isEmpty()) {
            bucket.delete(others);
        }
        bucket.delete(List.of(links.last().key()));
    }
}
