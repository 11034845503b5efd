// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.owner.OwnerName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries whether a store lets exactly one of several write an object that is not there: one after the other, and at the
 * same time. What the tries leave if this process dies meanwhile looks like the chain of a dead owner, and is swept
 * with those.
 */
final class ConditionalWriteProbe {

    /** A store that looks and then writes lets two of them pass in most rounds. */
    private static final int ROUNDS = 6;

    private static final int AT_ONCE = 8;
    private static final byte[] EMPTY = {};

    private static final Logger log = LoggerFactory.getLogger(ConditionalWriteProbe.class);

    private final S3Objects bucket;
    private boolean passed;

    ConditionalWriteProbe(S3Objects bucket) {
        this.bucket = bucket;
    }

    /** @throws CacheRootException if the store lets a second one pass; nothing is asked again once it did not */
    synchronized void requireConditionalWrites() {
        if (passed) {
            return;
        }
        String owner = OwnerName.fresh().toString();
        List<String> keys = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            String first = key(owner, keys);
            // that it was refused says nothing: a client that sends again what was not answered refuses itself
            if (bucket.putIfAbsent(first, EMPTY) instanceof PutOutcome.Unknown unknown) {
                // the second may be the first that arrives
                throw unknown.failure();
            }
            require(!bucket.putIfAbsent(first, EMPTY).isWritten(), "one after the other");
            for (int round = 0; round < ROUNDS; round++) {
                require(writers(threads, key(owner, keys)) <= 1, "at the same time");
            }
            passed = true;
        } finally {
            threads.shutdownNow();
            forget(keys);
        }
    }

    private void forget(List<String> keys) {
        try {
            bucket.delete(keys);
        } catch (CacheBackendException failure) {
            log.debug("What was tried with is left to the sweep", failure);
        }
    }

    private static String key(String owner, List<String> keys) {
        String key = S3Keys.link(owner, keys.size() + 1L);
        keys.add(key);
        return key;
    }

    private void require(boolean exclusive, String how) {
        if (!exclusive) {
            throw new CacheRootException(
                    "This store does not honour If-None-Match: * as Amazon S3 does: of two who write the same key "
                            + how + ", both were told that they did. Changes would be lost in "
                            + bucket.place() + ", whatever keeps the references.",
                    "Use a store that does conditional writes. Or keep the directories on a disk that all servers share"
                            + " (monolith.cache.local.path), and their references in Redis (monolith.cache.redis.host).");
        }
    }

    /** How many of those who write it at the same time are told that they did. */
    private int writers(ExecutorService threads, String key) {
        CyclicBarrier start = new CyclicBarrier(AT_ONCE);
        List<Future<Boolean>> attempts = new ArrayList<>();
        for (int number = 0; number < AT_ONCE; number++) {
            attempts.add(threads.submit(() -> {
                int unused = start.await();
                return bucket.putIfAbsent(key, EMPTY).isWritten();
            }));
        }
        int writers = 0;
        for (Future<Boolean> attempt : attempts) {
            writers += result(attempt) ? 1 : 0;
        }
        return writers;
    }

    private static boolean result(Future<Boolean> attempt) {
        try {
            return attempt.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof CacheBackendException known) {
                throw known;
            }
            throw new IllegalStateException(failure);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw new CacheBackendException("Interrupted while the store was tried", told);
        }
    }
}
