// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;

/** Spring's side of {@link CacheScope}: beans live in the innermost open scope. */
public final class CacheBeanScope implements Scope {

    /** The name that the scope is registered under. */
    public static final String NAME = "cache";

    private final Supplier<CacheScopes> scopes;

    /** @param scopes asked when a bean is, since scopes are registered before there are beans */
    public CacheBeanScope(Supplier<CacheScopes> scopes) {
        this.scopes = scopes;
    }

    @Override
    public Object get(String name, ObjectFactory<?> factory) {
        return innermost().bean(name, factory);
    }

    @Override
    public @Nullable Object remove(String name) {
        return innermost().remove(name);
    }

    @Override
    public void registerDestructionCallback(String name, Runnable callback) {
        innermost().onEnd(name, callback);
    }

    private LiveScope innermost() {
        return scopes.get().requireInnermost();
    }

    @Override
    public @Nullable Object resolveContextualObject(String key) {
        return null;
    }

    @Override
    public @Nullable String getConversationId() {
        return null;
    }
}
