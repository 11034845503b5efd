// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a store may take. Size and entries are hard: they hold at every moment, for all processes that share the store,
 * with what is still being written. Age and idle time are looked at when an entry is read, and now and then.
 *
 * @param size in bytes on the disk, in whole blocks, 1 or more; {@link Long#MAX_VALUE} for no limit
 * @param entries 1 or more; {@link Long#MAX_VALUE} for no limit
 * @param age since an entry was written; longer than zero; null for no limit
 * @param idle since an entry was last read, or written if it never was; longer than zero; null for no limit
 * @param keepFree of the disk, in bytes, for others, 0 or more
 */
public record StoreLimits(
        long size,
        long entries,
        @Nullable Duration age,
        @Nullable Duration idle,
        long keepFree) {

    /** Everything that fits on the disk. */
    public static final StoreLimits NONE = new StoreLimits(Long.MAX_VALUE, Long.MAX_VALUE, null, null, 0);

    /** @throws IllegalArgumentException if one of them is out of its range */
    public StoreLimits {
        require(size > 0, "size", size);
        require(entries > 0, "entries", entries);
        require(age == null || isPositive(age), "age", age);
        require(idle == null || isPositive(idle), "idle", idle);
        require(keepFree >= 0, "keepFree", keepFree);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String name, @Nullable Object value) {
        if (!holds) {
            throw new IllegalArgumentException("The limit '" + name + "' of a store cannot be " + value);
        }
    }

    /** The same with another size, in bytes on the disk. */
    public StoreLimits withSize(long other) {
        return new StoreLimits(other, entries, age, idle, keepFree);
    }

    /** The same with another number of entries. */
    public StoreLimits withEntries(long other) {
        return new StoreLimits(size, other, age, idle, keepFree);
    }

    /** The same with another age; null for any. */
    public StoreLimits withAge(@Nullable Duration other) {
        return new StoreLimits(size, entries, other, idle, keepFree);
    }

    /** The same with another idle time; null for any. */
    public StoreLimits withIdle(@Nullable Duration other) {
        return new StoreLimits(size, entries, age, other, keepFree);
    }

    /** The same with another free space to leave, in bytes. */
    public StoreLimits withKeepFree(long other) {
        return new StoreLimits(size, entries, age, idle, other);
    }

    boolean allow(Usage usage) {
        return usage.bytes() <= size && usage.entries() <= entries;
    }
}
