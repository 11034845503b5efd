// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.ref.Cleaner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task that holds a scope open until it has run, and lets go if it is dropped before: an executor may refuse it. */
final class HoldingTask<T extends @Nullable Object> implements Runnable, Callable<T> {

    private final OpenScope scope;
    private final Callable<T> task;
    private final Cleaner.Cleanable held;

    HoldingTask(OpenScope scope, Callable<T> task) {
        this.scope = scope;
        this.task = task;
        this.held = ScopeLeaks.onDrop(this, scope::close);
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
        try (OpenScope.Visible visible = scope.enter()) {
            return task.call();
        } finally {
            held.clean();
        }
    }
}
