// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

/**
 * A list of entries as comma-separated values (RFC 4180), for small caches of one process: held in memory, and written
 * whole with every batch to {@code index-1.csv}. The last record has sums, and when the list was complete; a file
 * without it is not whole:
 *
 * <pre>
 * hash,key,length,bytes,createdAt,accessedAt,hits,locked,tags
 * 3f5a…,/a.csv,3,4096,1790000000000,1790000060000,2,false,green;hot;
 * end,,1,4096,1790000000000,0,0,false,
 * </pre>
 *
 * <p>Keys are written as they are, also those that a spreadsheet would take for a formula: it is the list that has to
 * be true.
 */
public final class CsvIndex {

    /** Needs nothing else. */
    public static final EntryIndex.Format FORMAT = new TextIndex.TextFormat(new CsvCodec());

    private CsvIndex() {}
}
