// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** An entry is larger than the whole store may be, so that evicting the others would not help: none is evicted. */
public final class EntryTooLargeException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final long size;
    private final long limit;

    EntryTooLargeException(String what, long size, long limit) {
        super(
                what + " takes at least " + size + " bytes on the disk, and the whole store at most " + limit
                        + ". Raise the limit of its size, or keep it elsewhere",
                null);
        this.size = size;
        this.limit = limit;
    }

    /** What it takes at least, in bytes on the disk. */
    public long size() {
        return size;
    }

    /** What the store may take, in bytes on the disk. */
    public long limit() {
        return limit;
    }
}
