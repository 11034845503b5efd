// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

/** One change of an index; what concerns an entry that is not listed has no effect, except to list it. */
public sealed interface IndexChange {

    /** The entry that it is about. */
    EntryHash hash();

    /** Lists an entry, or replaces what was listed of it; one that is listed stays locked or not, as it was. */
    record Put(IndexedEntry entry) implements IndexChange {

        @Override
        public EntryHash hash() {
            return entry.hash();
        }
    }

    /** Lists an entry no more. */
    record Remove(EntryHash hash) implements IndexChange {}

    /**
     * An entry was read.
     *
     * @param at when, for the last time; an earlier time than the one that is known changes nothing but the count
     * @param more how often, since the last time that this was told
     */
    record Touch(EntryHash hash, long at, long more) implements IndexChange {}

    /** An entry is never evicted from now on, or is again. */
    record Lock(EntryHash hash, boolean locked) implements IndexChange {}
}
