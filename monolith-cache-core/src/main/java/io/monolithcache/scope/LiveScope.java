// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
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

    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * For beans. Not a monitor, which a virtual thread would pin its carrier with while a bean is made. Held while one
     * is made, which may wait for other threads that use the directory: so that has a mutex of its own.
     */
    private final ReentrantLock mutex = new ReentrantLock();

    private final Map<String, Object> beans = new HashMap<>();
    private final Deque<Destruction> destructions = new ConcurrentLinkedDeque<>();

    /** For the directory; the other one is never waited for by who has this one. */
    private final ReentrantLock directoryMutex = new ReentrantLock();

    private volatile @Nullable CacheDirectory directory;
    private boolean directoryIsBeingMade;
    private volatile boolean ended;

    LiveScope(CacheScopes scopes) {
        this.scopes = scopes;
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

    /** Whether its end has anything to do. */
    boolean isUsed() {
        return directory != null || !destructions.isEmpty();
    }

    CacheDirectory directory() {
        directoryMutex.lock();
        try {
            requireNotEnded();
            CacheDirectory known = directory;
            return known == null ? makeDirectory() : known;
        } finally {
            directoryMutex.unlock();
        }
    }

    /** Whoever hears of the creation, in this thread, would else make another one. */
    private CacheDirectory makeDirectory() {
        if (directoryIsBeingMade) {
            throw new IllegalStateException(
                    "The directory of this cache scope is being made. A listener that hears of it"
                            + " finds it in the event, and in the scope afterwards");
        }
        directoryIsBeingMade = true;
        try {
            CacheDirectory made = scopes.create();
            directory = made;
            return made;
        } finally {
            directoryIsBeingMade = false;
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

    /**
     * Destroys every bean, whatever the others do, and then closes the directory. An exception is logged, as Spring
     * does with those of any bean that is destroyed; an error waits for the rest and is then thrown.
     */
    private void end() {
        Error error = destroyBeans();
        CacheDirectory last = ended();
        try {
            if (last != null) {
                last.close();
            }
        } catch (RuntimeException failure) {
            if (error == null) {
                throw failure;
            }
            error.addSuppressed(failure);
        }
        if (error != null) {
            throw error;
        }
    }

    private @Nullable Error destroyBeans() {
        Destruction next = nextDestruction();
        if (next == null) {
            return null;
        }
        Error first = null;
        try (OpenScope.Visible visible = VisibleScopes.enter(this)) {
            for (; next != null; next = nextDestruction()) {
                try {
                    next.callback().run();
                } catch (Error error) {
                    if (first == null) {
                        first = error;
                    } else if (!first.equals(error)) {
                        first.addSuppressed(error);
                    }
                } catch (Throwable failure) {
                    log.warn("The end of bean '{}' in its cache scope failed", next.bean(), failure);
                }
            }
        }
        return first;
    }

    /** When there is none left, the scope has ended: nothing may be registered after the last look. */
    private @Nullable Destruction nextDestruction() {
        mutex.lock();
        try {
            Destruction next = destructions.poll();
            ended = next == null;
            return next;
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable CacheDirectory ended() {
        mutex.lock();
        try {
            beans.clear();
        } finally {
            mutex.unlock();
        }
        directoryMutex.lock();
        try {
            CacheDirectory last = directory;
            directory = null;
            return last;
        } finally {
            directoryMutex.unlock();
        }
    }
}
