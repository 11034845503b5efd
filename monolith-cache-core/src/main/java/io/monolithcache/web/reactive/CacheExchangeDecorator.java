// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web.reactive;

import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.OpenScope;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.core.publisher.Mono;

/**
 * Makes each HTTP exchange of WebFlux a cache scope, which ends when the response is complete, has failed or was
 * cancelled. The scope is in the Reactor context of all that handles the exchange.
 *
 * <p>It decorates the HTTP handler and is no {@code WebFilter}: filters are over before Spring's exception handlers
 * write the error page.
 */
public final class CacheExchangeDecorator implements HttpHandlerDecoratorFactory {

    private final CacheScopes scopes;

    public CacheExchangeDecorator(CacheScopes scopes) {
        this.scopes = scopes;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> Mono.using(
                scopes::begin,
                scope -> handler.handle(request, response)
                        .contextWrite(context -> context.put(CacheExchangeDecorator.class, scope)),
                OpenScope::close,
                // not before the server knows that the response is complete
                false);
    }
}
