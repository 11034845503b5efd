// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.StoreStatus;
import org.jspecify.annotations.Nullable;

/** How full a store is: of the limits of its size and of its entries, how much is taken of the one that ends first. */
final class StoreFill {

    private StoreFill() {}

    /** From 0 to 1; more if a limit was lowered and everything is locked or in use. Null if there is no limit. */
    static @Nullable Double of(StoreStatus status) {
        Double bytes = ratio(status.bytes(), status.limits().size());
        Double entries = ratio(status.entries(), status.limits().entries());
        if (bytes == null || entries == null) {
            return bytes == null ? entries : bytes;
        }
        return Math.max(bytes, entries);
    }

    private static @Nullable Double ratio(long taken, long most) {
        return most == Long.MAX_VALUE ? null : (double) taken / most;
    }
}
