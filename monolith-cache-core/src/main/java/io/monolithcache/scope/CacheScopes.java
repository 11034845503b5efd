// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens cache scopes and finds the innermost one. A <em>cache scope</em> is open for a while and has, lazily, one
 * directory and one instance of every {@link CacheScope} bean; when it ends, the beans are destroyed and the directory
 * is released, which wipes it.
 *
 * <p>Who <em>sees</em> a scope is a matter of threads, and may be carried to others by Micrometer's context
 * propagation. How long it is open is not: only those who hold it keep it open. {@link #run}, {@link #call} and
 * {@link #open} hold it until they are done, {@link #wrap(Runnable)} until the task has run.
 *
 * <p>Safe for use by several threads.
 */
public final class CacheScopes {

    private static final Logger log = LoggerFactory.getLogger(CacheScopes.class);

    /** One for all instances, so that scopes of two managers nest; each instance finds its own. */
    private static final ThreadLocal<@Nullable LiveScope> INNERMOST = new ThreadLocal<>();

    private final CacheManager manager;

    public CacheScopes(CacheManager manager) {
        this.manager = manager;
    }

    /** Opens a scope, which this thread sees and which is open until the result is closed. */
    public OpenScope open() {
        LiveScope live = new LiveScope(this, INNERMOST.get());
        return new OpenScope(live, enter(live)).watched("opened");
    }

    /**
     * Opens a scope that no thread sees yet and that nests in none: for whoever has a beginning and an end, but not on
     * one thread. It is not watched for being dropped.
     */
    public OpenScope begin() {
        return new OpenScope(new LiveScope(this, null), null);
    }

    /** Runs a task in a scope of its own, which ends when it returns or throws. */
    public void run(Runnable task) {
        LiveScope live = new LiveScope(this, INNERMOST.get());
        try (OpenScope open = new OpenScope(live, enter(live))) {
            task.run();
        }
    }

    /** Runs a task in a scope of its own, which ends when it returns or throws. */
    public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        LiveScope live = new LiveScope(this, INNERMOST.get());
        try (OpenScope open = new OpenScope(live, enter(live))) {
            return task.call();
        }
    }

    /**
     * The task, to be run once on any thread: it sees the scope that this thread sees now, and keeps it open until it
     * has run. Without an open scope, the task as it is. One that is dropped before it ran lets go when it is
     * collected.
     */
    public Runnable wrap(Runnable task) {
        LiveScope live = innermost();
        return live == null
                ? task
                : new HoldingTask<@Nullable Object>(hold(live), () -> {
                    task.run();
                    return null;
                });
    }

    /** The same for a task with a result. */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
        LiveScope live = innermost();
        return live == null ? task : new HoldingTask<>(hold(live), task);
    }

    /** Whether this thread sees a scope of this manager that is open. */
    public boolean isOpen() {
        LiveScope live = innermost();
        return live != null && live.isOpen();
    }

    /**
     * The directory of whatever scope is the innermost one at each use. Its {@code close()} does nothing.
     *
     * @return a view, whose every method throws {@link IllegalStateException} where no scope is open
     */
    public CacheDirectory directory() {
        return new ScopeDirectory(() -> requireInnermost().directory());
    }

    CacheManager manager() {
        return manager;
    }

    @Nullable LiveScope innermost() {
        LiveScope live = INNERMOST.get();
        while (live != null && live.scopes != this) {
            live = live.parent;
        }
        return live;
    }

    LiveScope requireInnermost() {
        LiveScope live = innermost();
        if (live == null) {
            throw new IllegalStateException("No cache scope is open on this thread. Open one: annotate the method with"
                    + " @InCacheScope, or call CacheScopes.run(..); an HTTP request is one. A task for another thread is"
                    + " wrapped with CacheScopes.wrap(..)");
        }
        return live;
    }

    static OpenScope hold(LiveScope live) {
        if (!live.hold()) {
            throw new IllegalStateException("The cache scope has ended, and cannot be held open any more");
        }
        return new OpenScope(live, null);
    }

    static @Nullable LiveScope visible() {
        return INNERMOST.get();
    }

    static void makeVisible(@Nullable LiveScope live) {
        if (live == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(live);
        }
    }

    static OpenScope.Visible enter(LiveScope live) {
        LiveScope before = INNERMOST.get();
        INNERMOST.set(live);
        return new OpenScope.Visible(live, before);
    }

    static void leave(LiveScope live, @Nullable LiveScope before) {
        LiveScope now = INNERMOST.get();
        if (now != live) {
            log.debug("A cache scope was left while another one, opened in it, was still visible on this thread");
        }
        makeVisible(before);
    }
}
