// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

/**
 * A list of entries as JSON, for small caches of one process: held in memory, and written whole with every batch to
 * {@code index-1.json}, one entry in a line:
 *
 * <pre>
 * {"version":1,"completeAt":1790000000000,"entries":[
 * {"hash":"3f5a…","key":"/a.csv","length":3,"bytes":4096,"createdAt":1790000000000,"accessedAt":1790000060000,"hits":2,"locked":false,"tags":["green","hot"]}
 * ]}
 * </pre>
 */
public final class JsonIndex {

    /** Needs nothing else. */
    public static final EntryIndex.Format FORMAT = new TextIndex.TextFormat(new JsonCodec());

    private JsonIndex() {}
}
