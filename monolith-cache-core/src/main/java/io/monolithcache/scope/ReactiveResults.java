// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/** Knows reactive types by Spring's adapters, and works without Reactor: only {@link ReactiveScopes} needs it. */
final class ReactiveResults {

    static final boolean PRESENT =
            ClassUtils.isPresent("reactor.core.publisher.Flux", ReactiveResults.class.getClassLoader());

    private ReactiveResults() {}

    static @Nullable ReactiveAdapter adapter(Class<?> type) {
        return ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
    }

    static @Nullable ReactiveAdapter adapterOf(Object result) {
        return ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, result);
    }

    /** What runs the body at each subscription, in a scope for it. */
    static Object perSubscription(
            ReactiveAdapter adapter,
            CacheScopes scopes,
            ScopePropagation propagation,
            CacheScopes.Body<@Nullable Object, Throwable> body) {
        return ReactiveScopes.perSubscription(adapter, scopes, propagation, body);
    }

    /** A result that was made in a scope, which it keeps open until its first subscription ends. */
    static Object firstSubscription(ReactiveAdapter adapter, Object result, OpenScope held) {
        return ReactiveScopes.firstSubscription(adapter, result, held);
    }
}
