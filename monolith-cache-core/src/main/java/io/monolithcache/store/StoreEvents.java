// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens to a store in this process, and tells the listeners. */
final class StoreEvents {

    private static final Logger log = LoggerFactory.getLogger(StoreEvents.class);

    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder puts = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder rejected = new LongAdder();

    private final Map<EvictionCause, LongAdder> evictions = new EnumMap<>(EvictionCause.class);
    private final List<StoreListener> listeners;

    StoreEvents(List<StoreListener> listeners) {
        this.listeners = List.copyOf(listeners);
        for (EvictionCause cause : EvictionCause.values()) {
            evictions.put(cause, new LongAdder());
        }
    }

    void stored(EntryHash hash, long length) {
        puts.increment();
        tell(listener -> listener.stored(hash.toString(), length));
    }

    void removed(EntryHash hash, EvictionCause cause) {
        adder(cause).increment();
        tell(listener -> listener.removed(hash.toString(), cause));
    }

    private LongAdder adder(EvictionCause cause) {
        LongAdder adder = evictions.get(cause);
        if (adder == null) {
            throw new IllegalStateException("No counter of " + cause);
        }
        return adder;
    }

    Map<EvictionCause, Long> evictions() {
        Map<EvictionCause, Long> counts = new EnumMap<>(EvictionCause.class);
        evictions.forEach((cause, count) -> counts.put(cause, count.sum()));
        return counts;
    }

    private void tell(Consumer<StoreListener> event) {
        for (StoreListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException failure) {
                log.warn("{} failed; the store goes on", listener, failure);
            }
        }
    }
}
