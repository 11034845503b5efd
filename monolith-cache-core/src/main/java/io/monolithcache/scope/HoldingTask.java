// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task that holds scopes open until it has run, and lets go if it is dropped before: an executor may refuse it. Run
 * again, it still sees them, and is told that they have ended if it uses them.
 */
final class HoldingTask<T extends @Nullable Object> implements Runnable, Callable<T> {

    private final OpenScope.Visible seen;
    private final Callable<T> task;
    private final Cleaner.Cleanable held;

    HoldingTask(OpenScope.Visible seen, List<OpenScope> scopes, Callable<T> task) {
        this.seen = seen;
        this.task = task;
        this.held = ScopeLeaks.onDrop(this, () -> scopes.forEach(OpenScope::closeAndLog));
    }

    static Callable<@Nullable Object> callable(Runnable task) {
        return () -> {
            task.run();
            return null;
        };
    }

    @Override
    public void run() {
        try {
            T unused = call();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public T call() throws Exception {
        try (OpenScope.Visible visible = VisibleScopes.enter(seen)) {
            return task.call();
        } finally {
            held.clean();
            // else the task could count as dropped while it runs, after its last field was read
            Reference.reachabilityFence(this);
        }
    }
}
