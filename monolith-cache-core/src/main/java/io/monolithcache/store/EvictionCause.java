// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** Why a store removed an entry. */
public enum EvictionCause {

    /** The size limit. */
    SIZE,

    /** The limit of the number of entries. */
    ENTRIES,

    /** It was written too long ago. */
    AGE,

    /** It was not read for too long. */
    IDLE,

    /** The disk was full, or was to have more free space. */
    SPACE,

    /** Somebody asked for it. */
    REQUEST,

    /** Its content was not what was written. */
    CORRUPT
}
