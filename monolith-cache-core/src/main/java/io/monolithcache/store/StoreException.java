// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import org.jspecify.annotations.Nullable;

/**
 * A store could not do what it was asked for; the message names the store, what was attempted, and what the reader can
 * do. The root of what stores throw besides {@link IllegalArgumentException} and {@link IllegalStateException}.
 */
public class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param cause null if it is not the disk that failed */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
