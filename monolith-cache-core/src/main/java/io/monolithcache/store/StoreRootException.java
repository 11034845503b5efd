// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** A folder that cannot be that of a store. The message describes it; {@link #action()} says what to do. */
public final class StoreRootException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    public StoreRootException(String description, String action) {
        super(description + " " + action, null);
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
