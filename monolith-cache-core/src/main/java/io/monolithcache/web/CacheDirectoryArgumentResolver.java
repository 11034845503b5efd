// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScopes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * A controller's parameter of type {@link CacheDirectory} is the directory of the request, on whatever thread it is
 * used, until the response is complete. It is made when it is first used, and its {@code close()} does nothing.
 */
public final class CacheDirectoryArgumentResolver implements HandlerMethodArgumentResolver {

    private final @Nullable Supplier<CacheScopes> scopes;

    /** Where the filter is known to be there. */
    public CacheDirectoryArgumentResolver() {
        scopes = null;
    }

    /** @param scopes asked where a request is no scope: if there are none for requests, it throws what says why */
    public CacheDirectoryArgumentResolver(Supplier<CacheScopes> scopes) {
        this.scopes = scopes;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == CacheDirectory.class;
    }

    /** @throws IllegalStateException if the request has not gone through a {@link CacheRequestFilter} */
    @Override
    public CacheDirectory resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest servletRequest = request.getNativeRequest(HttpServletRequest.class);
        if (servletRequest == null) {
            throw new IllegalStateException("A CacheDirectory belongs to a servlet request, not to " + request);
        }
        if (scopes != null && RequestScope.of(servletRequest) == null) {
            CacheScopes unused = scopes.get();
        }
        return RequestScope.required(servletRequest).directory();
    }
}
