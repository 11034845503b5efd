// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRootException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The prefix of a bucket in which caches are kept: who keeps it, and whether it is still the one that was known. */
final class S3Root {

    private static final Logger log = LoggerFactory.getLogger(S3Root.class);

    private final S3Objects objects;
    private final String registry;
    private final @Nullable String namespace;
    private final Runnable trial;
    private volatile @Nullable S3RootFormat format;

    /**
     * @param namespace which of the registry's namespaces, if it has several
     * @param trial refuses a store that does not do what is needed, before anything is written to stay
     */
    S3Root(S3Objects objects, String registry, @Nullable String namespace, Runnable trial) {
        this.objects = objects;
        this.registry = registry;
        this.namespace = namespace;
        this.trial = trial;
    }

    /** Null while it is not known. */
    @Nullable String id() {
        S3RootFormat known = format;
        return known == null ? null : known.root();
    }

    /** Says where it is, and asks nothing: whoever does not need S3 does not wait for it. */
    void announce() {
        log.info("Cache directories lie in {}; the registry '{}' keeps their references", objects.place(), registry);
    }

    /** Makes the root ready for caches, if it is not. @return its name */
    String open() {
        S3RootFormat found = read();
        trial.run();
        if (found == null) {
            S3RootFormat fresh = new S3RootFormat(CacheId.random(Instant.now()).value(), registry, namespace);
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

    /** Whether it is there, and not another one since it was first seen. */
    boolean isIntact() {
        S3RootFormat known = format;
        S3RootFormat found = read();
        if (known == null) {
            format = found;
        }
        return found != null && (known == null || known.equals(found));
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
        if (!Objects.equals(read.namespace(), namespace)) {
            throw new CacheRootException(
                    "The caches in " + objects.place() + " are kept in the namespace '" + read.namespace()
                            + "' of the registry '" + registry + "', not in '" + namespace
                            + "', and two namespaces on one prefix would wipe each other's caches.",
                    "Set monolith.cache." + registry + ".namespace=" + read.namespace()
                            + ", or monolith.cache.s3.path to another prefix.");
        }
        return read;
    }
}
