// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.OpenScope;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The cache scope of one request, kept in an attribute of it: what every dispatch of the request has in common. It is
 * its own listener, so that a request costs one object more than its scope.
 */
final class RequestScope implements AsyncListener {

    private static final String ATTRIBUTE = RequestScope.class.getName();

    /** Who ends it. Only the dispatch that is under way changes that, and there is one at a time. */
    enum Phase {
        /** A dispatch is under way; those inside it, forward and include, are in its thread. */
        ENTERED,
        /** It is asynchronous: its completion ends it, unless another dispatch comes before. */
        ASYNCHRONOUS,
        /** The container is not done with it, and tells when it is. */
        LEFT_TO_CONTAINER
    }

    private final OpenScope scope;

    private volatile Phase phase = Phase.ENTERED;

    private volatile boolean isAbandoned;

    private boolean completionIsAwaited;

    private volatile UntoldEnds.@Nullable Watch watch;

    private RequestScope(OpenScope scope) {
        this.scope = scope;
    }

    static @Nullable RequestScope of(ServletRequest request) {
        return (RequestScope) request.getAttribute(ATTRIBUTE);
    }

    static RequestScope begin(CacheScopes scopes, ServletRequest request) {
        RequestScope begun = new RequestScope(scopes.begin());
        request.setAttribute(ATTRIBUTE, begun);
        return begun;
    }

    /**
     * The scope of a request, for those who cannot work without.
     *
     * @throws IllegalStateException if the filter has not seen the request
     */
    static RequestScope required(HttpServletRequest request) {
        RequestScope known = of(request);
        if (known == null) {
            throw new IllegalStateException("The request " + request.getMethod() + " " + request.getRequestURI()
                    + " is no cache scope: no CacheRequestFilter has seen it. Map the filter to /* for all dispatches,"
                    + " as the auto-configuration does; in a standalone MockMvc, add it with addFilters(..)");
        }
        return known;
    }

    boolean isOpen() {
        return scope.isOpen();
    }

    boolean isEntered() {
        return phase == Phase.ENTERED;
    }

    OpenScope.Visible enter() {
        phase = Phase.ENTERED;
        return scope.enter();
    }

    void leave(Phase next) {
        phase = isAbandoned ? Phase.LEFT_TO_CONTAINER : next;
    }

    /**
     * The thread of the request has thrown after it has made the request asynchronous. Tomcat writes the error page,
     * and does not always tell any more that the request is complete.
     */
    void abandon() {
        isAbandoned = true;
        phase = Phase.LEFT_TO_CONTAINER;
    }

    CacheDirectory directory() {
        return scope.directory();
    }

    /** For whoever works on another thread than the container's. */
    OpenScope hold() {
        return scope.hold();
    }

    /** Whether nobody awaits the completion of the request yet; asked in the thread of a dispatch. */
    boolean awaitCompletion() {
        boolean first = !completionIsAwaited;
        completionIsAwaited = true;
        return first;
    }

    Phase phase() {
        return phase;
    }

    /** Has it end, too, if the container forgets the request. Asked in the thread of a dispatch. */
    void watch(UntoldEnds untold) {
        if (watch == null) {
            watch = untold.watch(this, scope);
        }
    }

    void end() {
        scope.close();
        UntoldEnds.Watch known = watch;
        if (known != null) {
            known.end();
        }
    }

    /** Tomcat tells this before it writes the error page of an asynchronous dispatch. */
    @Override
    public void onComplete(AsyncEvent event) {
        if (phase != Phase.LEFT_TO_CONTAINER) {
            end();
        }
    }

    /** Not yet the end: somebody may still answer, and then the container completes the request in any case. */
    @Override
    public void onTimeout(AsyncEvent event) {}

    /** Not yet the end: the error page is still to be written, and then the container completes the request. */
    @Override
    public void onError(AsyncEvent event) {}

    /** The filter listens anew when it is left by the dispatch that has made the request asynchronous again. */
    @Override
    public void onStartAsync(AsyncEvent event) {}
}
