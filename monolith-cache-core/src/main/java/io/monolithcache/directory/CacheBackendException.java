// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import org.jspecify.annotations.Nullable;

/** The disk, Redis or S3 failed; the message says which, where, and what to do. Nothing that is in use was wiped. */
public class CacheBackendException extends CacheException {

    private static final long serialVersionUID = 1L;

    public CacheBackendException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
