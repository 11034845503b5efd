// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    private final CacheManager manager;
    private final CacheOptions options;

    public CacheScopes(CacheManager manager) {
        this(manager, CacheOptions.defaults());
    }

    /** @param options with which the directory of each scope is made, for instance in another storage */
    public CacheScopes(CacheManager manager, CacheOptions options) {
        this.manager = manager;
        this.options = options;
    }

    /** A new directory for a scope. */
    CacheDirectory create() {
        return manager.create(options);
    }

    /** Opens a scope, which this thread sees and which is open until the result is closed. */
    public OpenScope open() {
        LiveScope live = new LiveScope(this);
        return new OpenScope(live, VisibleScopes.enter(live)).watched("opened");
    }

    /**
     * Opens a scope that no thread sees yet: for whoever has a beginning and an end, but not on one thread. It is not
     * watched for being dropped.
     */
    public OpenScope begin() {
        return new OpenScope(new LiveScope(this), null);
    }

    /** Runs a task in a scope of its own, which ends when it returns or throws. */
    public void run(Runnable task) {
        LiveScope live = new LiveScope(this);
        try (OpenScope open = new OpenScope(live, VisibleScopes.enter(live))) {
            task.run();
        }
    }

    /**
     * Runs a task in a scope of its own, which ends when it returns or throws. If the result is one that comes later,
     * the scope ends with it: a {@link java.util.concurrent.CompletionStage} when it completes, a stream when it is
     * exhausted or closed, a {@code Mono} or {@code Flux} with its first subscription. The stream or publisher that is
     * returned is another one than the task's.
     *
     * @throws IllegalStateException if the result is a plain {@link java.util.concurrent.Future} that is not done: it
     *     tells nobody when it is
     */
    public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        return within(ScopePropagation.REQUIRES_NEW, task::call);
    }

    /**
     * The task, to be run once on any thread: it sees the scope that this thread sees now, and keeps it open until it
     * has run. Without an open scope, the task as it is. One that is dropped before it ran lets go when it is
     * collected.
     *
     * @throws IllegalStateException if the scope that this thread sees has ended
     */
    public Runnable wrap(Runnable task) {
        HoldingTask<@Nullable Object> holding = holding(HoldingTask.callable(task));
        return holding == null ? task : holding;
    }

    /** The same for a task with a result. */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
        HoldingTask<T> holding = holding(task);
        return holding == null ? task : holding;
    }

    private <T extends @Nullable Object> @Nullable HoldingTask<T> holding(Callable<T> task) {
        OpenScope.Visible seen = VisibleScopes.top();
        LiveScope live = VisibleScopes.find(seen, this);
        return seen == null || live == null ? null : new HoldingTask<>(seen, List.of(OpenScope.hold(live)), task);
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
        return directoryOf(() -> this);
    }

    /** The same for scopes that are asked for at each use of the directory, since they cannot be known yet. */
    public static CacheDirectory directoryOf(Supplier<CacheScopes> scopes) {
        return new ScopeDirectory(
                () -> scopes.get().requireInnermost().directory(), "the directory of the innermost cache scope");
    }

    /** What runs in a scope. */
    @FunctionalInterface
    interface Body<T extends @Nullable Object, X extends Throwable> {
        T proceed() throws X;
    }

    /** Runs something in a scope, and hands its result back, with which the scope ends. */
    <T extends @Nullable Object, X extends Throwable> T within(ScopePropagation propagation, Body<T, X> body) throws X {
        LiveScope joined = propagation == ScopePropagation.REQUIRED ? joined(innermost()) : null;
        LiveScope live = joined == null ? new LiveScope(this) : joined;
        OpenScope held = new OpenScope(live, null);
        T result;
        // a joined scope is what this thread sees already
        try (OpenScope.Visible visible = joined == null ? VisibleScopes.enter(live) : null) {
            result = body.proceed();
        } catch (Throwable failure) {
            held.closeAfter(failure);
            throw failure;
        }
        if (result == null) {
            held.close();
            return result;
        }
        @SuppressWarnings(
                "unchecked") // what replaces a result, a stream or a publisher, has the interface that the caller uses
        T kept = (T) ScopedResults.keepOpen(result, held);
        return kept;
    }

    /** A scope, held once more; null if there is none or it has ended. */
    private static @Nullable LiveScope joined(@Nullable LiveScope live) {
        return live != null && live.hold() ? live : null;
    }

    /** Holds the scope that is joined, or a new one. */
    OpenScope join(ScopePropagation propagation, OpenScope.@Nullable Visible seen) {
        LiveScope joined = propagation == ScopePropagation.REQUIRED ? joined(VisibleScopes.find(seen, this)) : null;
        return new OpenScope(joined == null ? new LiveScope(this) : joined, null);
    }

    private @Nullable LiveScope innermost() {
        return VisibleScopes.find(VisibleScopes.top(), this);
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
}
