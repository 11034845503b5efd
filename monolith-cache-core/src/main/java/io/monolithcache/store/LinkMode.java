// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** How a file gets into a store. */
public enum LinkMode {

    /** Its content is copied. The only one that works across file systems. */
    COPY,

    /**
     * It gets a second name, in the store: nothing is copied, and both are read-only from then on. Whoever changes it
     * nevertheless, through a name or an open file, makes it corrupt in the store.
     */
    HARD_LINK,

    /**
     * It is in the store afterwards and no longer where it was; read-only. Copied if it lies on another file system.
     */
    MOVE
}
