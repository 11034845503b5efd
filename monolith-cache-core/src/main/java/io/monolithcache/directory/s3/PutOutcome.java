// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;

/** How a write ended that was to happen only if there is no such object. */
sealed interface PutOutcome {

    /** It was answered. */
    enum Known implements PutOutcome {
        /** There was none, and now there is ours. */
        WRITTEN,
        /** There is one, or another writer was about to write one: the race is lost. */
        REFUSED
    }

    /** It was not answered: the object may be there, or may come yet. */
    record Unknown(CacheBackendException failure) implements PutOutcome {}

    /** Whether it was written. @throws CacheBackendException if that is not known */
    default boolean isWritten() {
        if (this instanceof Unknown unknown) {
            throw unknown.failure();
        }
        return this == Known.WRITTEN;
    }
}
