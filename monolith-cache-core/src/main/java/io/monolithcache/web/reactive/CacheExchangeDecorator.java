// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web.reactive;

import io.monolithcache.scope.CacheScopeThreadLocalAccessor;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.OpenScope;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Makes each HTTP exchange of WebFlux a cache scope, which ends when the response is complete, has failed or was
 * cancelled. The scope is in the Reactor context of all that handles the exchange, and with automatic context
 * propagation every thread that works on it sees it.
 *
 * <p>It decorates the HTTP handler and is no {@code WebFilter}: filters are over before Spring's exception handlers
 * write the error page.
 */
public final class CacheExchangeDecorator implements HttpHandlerDecoratorFactory {

    static final Object KEY = CacheExchangeDecorator.class;

    private final CacheScopes scopes;

    public CacheExchangeDecorator(CacheScopes scopes) {
        this.scopes = scopes;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> Mono.using(
                scopes::begin,
                scope -> handler.handle(request, response)
                        .contextWrite(context ->
                                context.put(KEY, scope).put(CacheScopeThreadLocalAccessor.KEY, scope.visibility())),
                CacheExchangeDecorator::end,
                // not before the server knows that the response is complete
                false);
    }

    /** An end that has something to do may block: not where Reactor forbids it. */
    private static void end(OpenScope scope) {
        if (!Schedulers.isInNonBlockingThread() || !scope.isUsed()) {
            scope.close();
            return;
        }
        try {
            Schedulers.boundedElastic().schedule(scope::close);
        } catch (RejectedExecutionException full) {
            scope.close();
        }
    }
}
