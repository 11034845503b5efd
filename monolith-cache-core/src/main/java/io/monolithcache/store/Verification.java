// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** When the content of an entry is compared with the checksum that it was written with; its length always is. */
public enum Verification {

    /** Each time that it is read. */
    ALWAYS,

    /** The first time that this process reads it. */
    FIRST_READ,

    /** Never. */
    NEVER
}
