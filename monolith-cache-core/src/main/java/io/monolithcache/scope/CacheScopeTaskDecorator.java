// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RunnableScheduledFuture;
import org.springframework.core.task.TaskDecorator;

/**
 * Holds the scopes that are open where a task is handed to an executor until the task has run, and shows them to it. A
 * task that is handed over where none is open stays as it is, and so does one that runs again and again: it has no end
 * that a scope could wait for.
 */
public final class CacheScopeTaskDecorator implements TaskDecorator {

    @Override
    public Runnable decorate(Runnable runnable) {
        OpenScope.Visible seen = VisibleScopes.top();
        if (seen == null || (runnable instanceof RunnableScheduledFuture<?> scheduled && scheduled.isPeriodic())) {
            return runnable;
        }
        List<OpenScope> held = new ArrayList<>(1);
        for (OpenScope.Visible each = seen; each != null; each = each.outer) {
            if (each.live.hold()) {
                held.add(new OpenScope(each.live, null));
            }
        }
        return held.isEmpty() ? runnable : new HoldingTask<>(seen, held, HoldingTask.callable(runnable));
    }
}
