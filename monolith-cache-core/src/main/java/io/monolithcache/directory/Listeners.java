// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All listeners of a manager; what one of them throws is logged and goes no further. They are told after the mutex of
 * the cache was let go: two listeners that each work on the other's cache would wait for each other for ever.
 */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final List<CacheListener> listeners;

    /** Each manager's own: a listener may work with another manager, whose listeners are told on their own. */
    @SuppressWarnings("ThreadLocalUsage") // removed after every step
    private final ThreadLocal<@Nullable Deque<Consumer<CacheListener>>> heldBack = new ThreadLocal<>();

    Listeners(List<CacheListener> listeners) {
        this.listeners = listeners;
    }

    /** Runs a step, and tells what happened in it when it, and every step around it, is over. */
    <T extends @Nullable Object> T holdingBack(Supplier<T> step) {
        if (listeners.isEmpty() || heldBack.get() != null) {
            return step.get();
        }
        Deque<Consumer<CacheListener>> events = new ArrayDeque<>();
        heldBack.set(events);
        try {
            return step.get();
        } finally {
            heldBack.remove();
            events.forEach(this::tellNow);
        }
    }

    void tell(Consumer<CacheListener> event) {
        Deque<Consumer<CacheListener>> events = heldBack.get();
        if (events == null) {
            tellNow(event);
        } else {
            events.add(event);
        }
    }

    private void tellNow(Consumer<CacheListener> event) {
        for (CacheListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable failure) {
                // an error too: a class may be missing at the end of an application, which has to be released whole
                log.warn("{} failed", listener, failure);
            }
        }
    }
}
