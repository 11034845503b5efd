// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

/** Which entries an index names first when it is asked what could go; hashes decide between equals. */
public enum EvictionOrder {

    /** Those that were written first. */
    WRITTEN,

    /** Those that were not read for the longest time. */
    READ,

    /** Those that were read the fewest times; of these, those that were not read for the longest time. */
    HITS
}
