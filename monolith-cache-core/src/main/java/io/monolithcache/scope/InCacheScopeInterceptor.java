// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ReactiveAdapter;

/** Runs methods in scopes, as {@link InCacheScope} on them says. */
final class InCacheScopeInterceptor implements MethodInterceptor {

    private final Supplier<CacheScopes> scopes;
    private final ScopedMethods methods;

    InCacheScopeInterceptor(Supplier<CacheScopes> scopes, ScopedMethods methods) {
        this.scopes = scopes;
        this.methods = methods;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        ScopedMethod method = methods.find(
                invocation.getMethod(),
                target == null ? invocation.getMethod().getDeclaringClass() : AopUtils.getTargetClass(target));
        if (method == null) {
            return invocation.proceed();
        }
        ReactiveAdapter reactive = method.reactive();
        if (reactive == null) {
            CacheScopes.Body<@Nullable Object, Throwable> body = invocation::proceed;
            return scopes.get().within(method.propagation(), body);
        }
        return ReactiveResults.perSubscription(reactive, scopes.get(), method.propagation(), again(invocation));
    }

    /** An invocation proceeds once; each subscription needs one of its own. */
    private static CacheScopes.Body<@Nullable Object, Throwable> again(MethodInvocation invocation) {
        return () -> ((ProxyMethodInvocation) invocation).invocableClone().proceed();
    }
}
