// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import org.jspecify.annotations.Nullable;

/**
 * The root of what a cache manager throws besides {@link IllegalArgumentException} and {@link IllegalStateException}.
 */
public abstract class CacheException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected CacheException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
