// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Holds a cache scope open until it is closed; the last one that is closed ends the scope: its beans are destroyed, and
 * then its directory is released. Safe for use by several threads; may be closed on another thread than it was opened
 * on.
 */
public final class OpenScope implements AutoCloseable {

    private final LiveScope live;
    private final @Nullable Visible visible;
    private final AtomicBoolean closed = new AtomicBoolean();
    private ScopeLeaks.@Nullable Watch watch;

    OpenScope(LiveScope live, @Nullable Visible visible) {
        this.live = live;
        this.visible = visible;
    }

    /** Reports this handle, with the place that opened it, if it is dropped without being closed. */
    OpenScope watched(String what) {
        watch = ScopeLeaks.watch(this, closed, what);
        return this;
    }

    /**
     * The scope's directory, which is made when it is first used. Its {@code close()} does nothing: it ends with the
     * scope, after which every use of it throws {@link IllegalStateException}.
     */
    public CacheDirectory directory() {
        return new ScopeDirectory(live::directory);
    }

    /**
     * Makes the scope the innermost one of this thread, until the result is closed on this thread. That alone does not
     * keep it open.
     */
    public Visible enter() {
        return CacheScopes.enter(live);
    }

    /**
     * Holds the scope open once more.
     *
     * @throws IllegalStateException if it has ended
     */
    public OpenScope hold() {
        return CacheScopes.hold(live).watched("held");
    }

    /** Whether somebody holds the scope open. */
    public boolean isOpen() {
        return live.isOpen();
    }

    /** Lets go. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (visible != null) {
                visible.close();
            }
            live.release();
        }
        if (watch != null) {
            watch.end();
        }
    }

    LiveScope live() {
        return live;
    }

    /** A scope is the innermost one of a thread as long as this is not closed. */
    public static final class Visible implements AutoCloseable {

        private final LiveScope live;
        private final @Nullable LiveScope before;
        private final Thread thread = Thread.currentThread();
        private boolean closed;

        Visible(LiveScope live, @Nullable LiveScope before) {
            this.live = live;
            this.before = before;
        }

        /** Makes visible again what was before. On another thread it does nothing. */
        @Override
        public void close() {
            if (!closed && Thread.currentThread() == thread) {
                closed = true;
                CacheScopes.leave(live, before);
            }
        }
    }
}
