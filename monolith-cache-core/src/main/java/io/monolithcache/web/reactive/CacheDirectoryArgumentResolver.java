// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web.reactive;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.OpenScope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A controller's parameter of type {@link CacheDirectory} is the directory of the exchange, on whatever thread it is
 * used, until the response is complete or cancelled. It is made when it is first used, and its {@code close()} does
 * nothing.
 */
public final class CacheDirectoryArgumentResolver implements HandlerMethodArgumentResolver {

    private final @Nullable Supplier<CacheScopes> scopes;

    /** Where the decorator is known to be there. */
    public CacheDirectoryArgumentResolver() {
        scopes = null;
    }

    /** @param scopes asked where an exchange is no scope: if there are none for exchanges, it throws what says why */
    public CacheDirectoryArgumentResolver(Supplier<CacheScopes> scopes) {
        this.scopes = scopes;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == CacheDirectory.class;
    }

    /** Fails with {@link IllegalStateException} if no {@link CacheExchangeDecorator} has seen the exchange. */
    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
        return Mono.deferContextual(context -> context.<OpenScope>getOrEmpty(CacheExchangeDecorator.KEY)
                .<Mono<Object>>map(scope -> Mono.just(scope.directory()))
                .orElseGet(() -> Mono.error(() -> noScope(exchange))));
    }

    private IllegalStateException noScope(ServerWebExchange exchange) {
        if (scopes != null) {
            CacheScopes unused = scopes.get();
        }
        return new IllegalStateException("The exchange " + exchange.getRequest().getMethod() + " "
                + exchange.getRequest().getPath()
                + " is no cache scope: no CacheExchangeDecorator has decorated its HttpHandler, as the"
                + " auto-configuration does, or a filter has lost the Reactor context");
    }
}
