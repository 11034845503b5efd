// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry to other threads which scope a thread sees. That keeps no scope open: who
 * works in one longer than those who hold it is told that it has ended.
 *
 * <p>Registered by the service loader.
 */
public final class CacheScopeThreadLocalAccessor implements ThreadLocalAccessor<OpenScope.Visible> {

    /** The key in a Reactor context. */
    public static final String KEY = "io.monolithcache.scope";

    @Override
    public Object key() {
        return KEY;
    }

    @Override
    public OpenScope.@Nullable Visible getValue() {
        return VisibleScopes.top();
    }

    @Override
    public void setValue(OpenScope.Visible value) {
        VisibleScopes.show(value);
    }

    @Override
    public void setValue() {
        VisibleScopes.restore(null);
    }

    @Override
    public void restore(OpenScope.Visible previousValue) {
        VisibleScopes.restore(previousValue);
    }
}
