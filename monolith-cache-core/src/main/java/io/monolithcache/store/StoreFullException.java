// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import org.jspecify.annotations.Nullable;

/** There is no room, and none could be made: what is there is locked, in use or being written, or the disk is full. */
public final class StoreFullException extends StoreException {

    private static final long serialVersionUID = 1L;

    StoreFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
