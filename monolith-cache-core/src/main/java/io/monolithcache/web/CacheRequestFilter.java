// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.OpenScope;
import io.monolithcache.web.RequestScope.Phase;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.util.ClassUtils;

/**
 * Makes each HTTP request a cache scope, which ends when the response is complete: all of its bytes have been handed to
 * the container, or nobody takes them any more. Until then every thread of the container that works on the request sees
 * the scope.
 *
 * <p>It is the outermost filter, supports asynchronous requests, and is mapped to all dispatches but FORWARD, which
 * always happens inside another. So does an INCLUDE, unless Tomcat includes the error page in a response whose head has
 * been sent.
 *
 * <p>A request may go on after its last dispatch has left this filter, and each container tells its end in another way:
 *
 * <pre>
 *                                        Tomcat              Jetty                  others, MockMvc
 * not asynchronous, no error             CacheRequestValve   the filter is left     the filter is left
 * not asynchronous, a page may follow    CacheRequestValve   completion listener    the filter is left
 * asynchronous                           AsyncListener       completion listener    AsyncListener
 * asynchronous, and dispatched again     CacheRequestValve   as not asynchronous    the filter is left
 * </pre>
 *
 * No single one does. Jetty tells an {@code AsyncListener} nothing when it aborts a response, Tomcat tells it before
 * the error page of an asynchronous dispatch, and nothing if the thread of the request has thrown after
 * {@code startAsync()}. A {@code ServletRequestListener} is told before the error page on Jetty, and after asynchronous
 * dispatches not at all on Tomcat. Where the valve is not installed, the error page has a scope of its own.
 */
public final class CacheRequestFilter implements Filter {

    private static final boolean JETTY_IS_PRESENT = ClassUtils.isPresent(
            "org.eclipse.jetty.ee11.servlet.ServletApiRequest", CacheRequestFilter.class.getClassLoader());

    private final CacheScopes scopes;
    private final UntoldEnds untoldEnds = new UntoldEnds();

    /** Whether {@link CacheRequestValve} is there to tell when the container is done. */
    private volatile boolean surrounded;

    public CacheRequestFilter(CacheScopes scopes) {
        this.scopes = scopes;
    }

    void surround() {
        surrounded = true;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestScope scope = RequestScope.of(request);
        if (scope == null || !scope.isOpen()) {
            untoldEnds.end();
            scope = RequestScope.begin(scopes, request);
        } else if (scope.isEntered()) {
            chain.doFilter(request, response);
            return;
        }
        boolean failed = true;
        try (OpenScope.Visible visible = scope.enter()) {
            chain.doFilter(request, response);
            failed = false;
        } finally {
            leave(scope, request, response, failed);
        }
    }

    private void leave(RequestScope scope, ServletRequest request, ServletResponse response, boolean failed) {
        if (request.isAsyncStarted()) {
            leaveAsynchronous(scope, request, failed);
        } else if (mayHaveErrorPage(request)
                && (surrounded || (failed || isError(response)) && isLeftToJetty(request, scope))) {
            scope.leave(Phase.LEFT_TO_CONTAINER);
        } else {
            scope.end();
        }
    }

    private void leaveAsynchronous(RequestScope scope, ServletRequest request, boolean failed) {
        if (failed && surrounded) {
            scope.abandon();
        } else if (isLeftToJetty(request, scope)) {
            scope.leave(Phase.LEFT_TO_CONTAINER);
        } else {
            scope.leave(Phase.ASYNCHRONOUS);
            scope.watch(untoldEnds);
            request.getAsyncContext().addListener(scope);
        }
    }

    /** Of an error page, there is no other; and Tomcat may write one while nothing surrounds it. */
    private static boolean mayHaveErrorPage(ServletRequest request) {
        DispatcherType type = request.getDispatcherType();
        return type == DispatcherType.REQUEST || type == DispatcherType.ASYNC;
    }

    /** Jetty does not tell whether an error page follows; most error statuses are a controller's whole answer. */
    private static boolean isError(ServletResponse response) {
        return response instanceof HttpServletResponse http && http.getStatus() >= HttpServletResponse.SC_BAD_REQUEST;
    }

    private static boolean isLeftToJetty(ServletRequest request, RequestScope scope) {
        return JETTY_IS_PRESENT && JettyRequests.whenComplete(request, scope);
    }
}
