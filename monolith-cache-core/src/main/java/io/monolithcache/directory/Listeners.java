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

    /** What is to be told when this thread lets go of the last mutex, of whatever manager. */
    private static final ThreadLocal<@Nullable Deque<Runnable>> HELD_BACK = new ThreadLocal<>();

    private final List<CacheListener> listeners;

    Listeners(List<CacheListener> listeners) {
        this.listeners = listeners;
    }

    /** Runs a step, and tells what happened in it when it, and every step around it, is over. */
    <T extends @Nullable Object> T holdingBack(Supplier<T> step) {
        if (listeners.isEmpty() || HELD_BACK.get() != null) {
            return step.get();
        }
        Deque<Runnable> events = new ArrayDeque<>();
        HELD_BACK.set(events);
        try {
            return step.get();
        } finally {
            HELD_BACK.remove();
            events.forEach(Runnable::run);
        }
    }

    void tell(Consumer<CacheListener> event) {
        Deque<Runnable> events = HELD_BACK.get();
        if (events == null) {
            tellNow(event);
        } else {
            events.add(() -> tellNow(event));
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
