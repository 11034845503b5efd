// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.util.concurrent.atomic.AtomicLongArray;

/** Remembers what this process has verified, as far as there is room; what is forgotten is verified again. */
final class Verified {

    private static final int PLACES = 1 << 16;

    private final Verification verification;
    private final AtomicLongArray places;

    Verified(Verification verification) {
        this.verification = verification;
        this.places = new AtomicLongArray(verification == Verification.FIRST_READ ? PLACES : 1);
    }

    boolean isToVerify(EntryHash hash, int version) {
        return switch (verification) {
            case ALWAYS -> true;
            case NEVER -> false;
            case FIRST_READ -> places.get(hash.spread(PLACES)) != mark(hash, version);
        };
    }

    void verified(EntryHash hash, int version) {
        if (verification == Verification.FIRST_READ) {
            places.set(hash.spread(PLACES), mark(hash, version));
        }
    }

    private static long mark(EntryHash hash, int version) {
        return hash.prefix() ^ Integer.toUnsignedLong(version) * 0x9e37_79b9_7f4a_7c15L;
    }
}
