// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import org.jspecify.annotations.Nullable;

/**
 * The registry, which knows who holds what, failed or refused; the disk did not. The message describes it;
 * {@link #action()} says what to do. Nothing that is in use was wiped.
 */
public final class CacheRegistryException extends CacheBackendException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    public CacheRegistryException(String description, String action, @Nullable Throwable cause) {
        super(description + " " + action, cause);
        this.description = description;
        this.action = action;
    }

    /** What is wrong, in a full sentence. */
    public String description() {
        return description;
    }

    /** What the reader can do, in a full sentence. */
    public String action() {
        return action;
    }
}
