// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import io.monolithcache.scope.OpenScope;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends scopes of requests that a container has forgotten without telling that they are complete. Tomcat does so when a
 * thread of the application loses the client in the very moment in which the thread of the request is done (measured on
 * 11.0.24: one of some hundreds of event streams whose client went away at once). Only the request refers to a
 * {@link RequestScope}, so one that has been collected is over. There is no thread that waits for it: the next request
 * looks.
 */
final class UntoldEnds {

    private final ReferenceQueue<RequestScope> forgotten = new ReferenceQueue<>();
    private final Set<Watch> watched = ConcurrentHashMap.newKeySet();

    /** What is left of a scope whose request is not there any more. */
    final class Watch extends PhantomReference<RequestScope> {

        private final OpenScope scope;

        private Watch(RequestScope watched, OpenScope scope) {
            super(watched, forgotten);
            this.scope = scope;
        }

        void end() {
            watched.remove(this);
            clear();
        }
    }

    Watch watch(RequestScope request, OpenScope scope) {
        Watch watch = new Watch(request, scope);
        watched.add(watch);
        return watch;
    }

    void end() {
        for (Reference<?> next = forgotten.poll(); next != null; next = forgotten.poll()) {
            Watch watch = (Watch) next;
            watched.remove(watch);
            watch.scope.close();
        }
    }
}
