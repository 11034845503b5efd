// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryIndex;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What {@link StoreBuilder} was told. */
record StoreSettings(
        String name,
        EntryIndex.Format index,
        StoreLimits limits,
        EvictionPolicy policy,
        Verification verification,
        boolean isSynced,
        long memory,
        Duration loadPatience,
        InstantSource clock,
        List<StoreListener> listeners) {}
