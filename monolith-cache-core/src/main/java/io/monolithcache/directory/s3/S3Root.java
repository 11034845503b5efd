// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRootException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The prefix of a bucket in which caches are kept: who keeps it, and whether it is still the one that was known. */
final class S3Root {

    private static final Logger log = LoggerFactory.getLogger(S3Root.class);

    private final S3Objects objects;
    private final String registry;
    private volatile @Nullable S3RootFormat format;

    S3Root(S3Objects objects, String registry) {
        this.objects = objects;
        this.registry = registry;
    }

    /** Null while it is not known. */
    @Nullable String id() {
        S3RootFormat known = format;
        return known == null ? null : known.root();
    }

    /** Looks, and writes nothing. @return whether somebody worked here before */
    boolean look() {
        S3RootFormat found = read();
        format = found;
        log.info("Cache directories lie in {}; the registry '{}' keeps their references", objects.place(), registry);
        return found != null;
    }

    /** Makes the root ready for caches, if it is not. @return its name */
    String open() {
        S3RootFormat found = read();
        if (found == null) {
            S3RootFormat fresh = new S3RootFormat(CacheId.random(Instant.now()).value(), registry);
            // refused, or not answered: whichever is there counts
            PutOutcome outcome = objects.putIfAbsent(S3Layout.FORMAT, fresh.text());
            found = read();
            if (found == null) {
                boolean unused = outcome.isWritten();
                throw new CacheRootException(
                        "What was written to " + objects.place() + S3Layout.FORMAT + " cannot be read.",
                        "Allow s3:GetObject there, and keep others from deleting it.");
            }
        }
        format = found;
        return found.root();
    }

    boolean isIntact() {
        S3RootFormat known = format;
        return known != null && known.equals(read());
    }

    /** @throws CacheRootException if others keep this root, or a newer version does */
    @Nullable S3RootFormat read() {
        S3Objects.Found found = objects.get(S3Layout.FORMAT);
        if (found == null) {
            return null;
        }
        S3RootFormat read = S3RootFormat.read(objects.place(), found.content());
        if (!read.registry().equals(registry)) {
            throw new CacheRootException(
                    "The caches in " + objects.place() + " are kept by the registry '" + read.registry()
                            + "', and two registries on one prefix would wipe each other's caches.",
                    "Set monolith.cache.registry=" + read.registry()
                            + ", or monolith.cache.s3.path to another prefix.");
        }
        return read;
    }
}
