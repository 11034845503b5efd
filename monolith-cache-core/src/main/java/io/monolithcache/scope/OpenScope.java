// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a cache scope open until it is closed; the last one that is closed ends the scope: its beans are destroyed, and
 * then its directory is released. Safe for use by several threads; may be closed on another thread than it was opened
 * on.
 */
public final class OpenScope implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OpenScope.class);

    private final LiveScope live;
    private final @Nullable Visible visible;
    private final AtomicBoolean closed = new AtomicBoolean();
    private ScopeLeaks.@Nullable Watch watch;

    /** Takes over one hold on the scope. */
    OpenScope(LiveScope live, @Nullable Visible visible) {
        this.live = live;
        this.visible = visible;
    }

    static OpenScope hold(LiveScope live) {
        if (!live.hold()) {
            throw new IllegalStateException("The cache scope has ended, and cannot be held open any more");
        }
        return new OpenScope(live, null);
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
        return new ScopeDirectory(live::directory, "the directory of a cache scope");
    }

    /**
     * Makes the scope the innermost one of this thread, until the result is closed. That alone does not keep it open.
     */
    public Visible enter() {
        return VisibleScopes.enter(live);
    }

    /**
     * What shows the scope to whoever is given it: the value of {@link CacheScopeThreadLocalAccessor#KEY} in a Reactor
     * context. No thread sees the scope by this call, and nobody keeps it open by having the result.
     */
    public Visible visibility() {
        return new Visible(live, VisibleScopes.outside(live, VisibleScopes.top()), null);
    }

    /**
     * Holds the scope open once more.
     *
     * @throws IllegalStateException if it has ended
     */
    public OpenScope hold() {
        return hold(live).watched("held");
    }

    /** Whether somebody holds the scope open. */
    public boolean isOpen() {
        return live.isOpen();
    }

    /** Whether there is anything to destroy or to wipe when the scope ends, which may block. */
    public boolean isUsed() {
        return live.isUsed();
    }

    /** Lets go. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                if (visible != null) {
                    visible.close();
                }
                live.release();
            } finally {
                ScopeLeaks.Watch watched = watch;
                if (watched != null) {
                    watched.end();
                }
            }
        }
    }

    /** Lets go where something else has failed already. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (Throwable another) {
            failure.addSuppressed(another);
        }
    }

    /** Lets go where nobody would hear of a failure. */
    void closeAndLog() {
        try {
            close();
        } catch (Throwable failure) {
            log.warn("The end of a cache scope failed", failure);
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    LiveScope live() {
        return live;
    }

    /** A thread sees a scope as long as this is not closed. */
    public static final class Visible implements AutoCloseable {

        final LiveScope live;

        /** What is seen behind it, of other managers. */
        final @Nullable Visible outer;

        /** What this thread saw before. */
        final @Nullable Visible before;

        private volatile boolean left;

        Visible(LiveScope live, @Nullable Visible outer, @Nullable Visible before) {
            this.live = live;
            this.outer = outer;
            this.before = before;
        }

        /** The thread sees again what it saw before. Also from another thread, and in any order. Idempotent. */
        @Override
        public void close() {
            left = true;
            VisibleScopes.removeLeft();
        }

        boolean isLeft() {
            return left;
        }
    }
}
