// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectFactory;

/**
 * One cache scope: lazily a directory, lazily beans, and the number of those who hold it open. The last of them ends
 * it: first the beans are destroyed, who may still use the directory, and then that is closed.
 */
final class LiveScope {

    private static final Logger log = LoggerFactory.getLogger(LiveScope.class);

    private record Destruction(String bean, Runnable callback) {}

    final CacheScopes scopes;

    /** The scope that was visible where this one was opened. */
    final @Nullable LiveScope parent;

    private final AtomicInteger holders = new AtomicInteger(1);

    /** Not a monitor, which a virtual thread would pin its carrier with while a directory or a bean is made. */
    private final ReentrantLock mutex = new ReentrantLock();

    private final Map<String, Object> beans = new HashMap<>();
    private final Deque<Destruction> destructions = new ArrayDeque<>();
    private @Nullable CacheDirectory directory;
    private boolean ended;

    LiveScope(CacheScopes scopes, @Nullable LiveScope parent) {
        this.scopes = scopes;
        this.parent = parent;
    }

    /** One more who holds it open; false if it has ended. */
    boolean hold() {
        int count = holders.get();
        while (count > 0) {
            if (holders.compareAndSet(count, count + 1)) {
                return true;
            }
            count = holders.get();
        }
        return false;
    }

    /** One less; the last one ends the scope on this thread. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            end();
        }
    }

    boolean isOpen() {
        return holders.get() > 0;
    }

    CacheDirectory directory() {
        mutex.lock();
        try {
            requireNotEnded();
            CacheDirectory known = directory;
            if (known == null) {
                known = scopes.manager().create();
                directory = known;
            }
            return known;
        } finally {
            mutex.unlock();
        }
    }

    Object bean(String name, ObjectFactory<?> factory) {
        mutex.lock();
        try {
            requireNotEnded();
            Object bean = beans.get(name);
            if (bean == null) {
                bean = factory.getObject();
                // a bean that asks for itself while it is made has been put there meanwhile
                Object other = beans.putIfAbsent(name, bean);
                bean = other == null ? bean : other;
            }
            return bean;
        } finally {
            mutex.unlock();
        }
    }

    /** Forgets a bean and what was to be done at its end. */
    @Nullable Object remove(String name) {
        mutex.lock();
        try {
            destructions.removeIf(destruction -> destruction.bean().equals(name));
            return beans.remove(name);
        } finally {
            mutex.unlock();
        }
    }

    void onEnd(String bean, Runnable callback) {
        mutex.lock();
        try {
            requireNotEnded();
            destructions.push(new Destruction(bean, callback));
        } finally {
            mutex.unlock();
        }
    }

    private void requireNotEnded() {
        if (ended) {
            throw new IllegalStateException(
                    "The cache scope that this thread sees has ended. Whoever works on after its"
                            + " end holds it open: CacheScopes.wrap(..) for a task, OpenScope.hold() otherwise");
        }
    }

    private void end() {
        try (OpenScope.Visible visible = CacheScopes.enter(this)) {
            for (Destruction next = nextDestruction(); next != null; next = nextDestruction()) {
                try {
                    next.callback().run();
                } catch (RuntimeException failure) {
                    log.warn("The end of bean '{}' in its cache scope failed", next.bean(), failure);
                }
            }
        } finally {
            CacheDirectory last = ended();
            if (last != null) {
                last.close();
            }
        }
    }

    private @Nullable Destruction nextDestruction() {
        mutex.lock();
        try {
            return destructions.poll();
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable CacheDirectory ended() {
        mutex.lock();
        try {
            ended = true;
            beans.clear();
            CacheDirectory last = directory;
            directory = null;
            return last;
        } finally {
            mutex.unlock();
        }
    }
}
