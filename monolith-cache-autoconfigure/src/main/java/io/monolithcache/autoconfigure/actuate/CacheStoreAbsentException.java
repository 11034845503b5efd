// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

/** There is no such store, or no such entry in it. */
final class CacheStoreAbsentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CacheStoreAbsentException(String message) {
        super(message);
    }
}
