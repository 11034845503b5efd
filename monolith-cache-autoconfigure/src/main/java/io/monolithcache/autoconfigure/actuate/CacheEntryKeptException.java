// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

/** An entry is not evicted, since it is locked or in use. */
final class CacheEntryKeptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CacheEntryKeptException(String message) {
        super(message);
    }
}
