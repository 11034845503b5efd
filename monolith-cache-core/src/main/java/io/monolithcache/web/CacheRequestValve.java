// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Tells {@link CacheRequestFilter} when Tomcat is done with a dispatch, error page included. It belongs to the engine:
 * the host writes the error page.
 */
public final class CacheRequestValve extends ValveBase {

    private final CacheRequestFilter filter;

    public CacheRequestValve(CacheRequestFilter filter) {
        super(true);
        this.filter = filter;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        filter.surround();
        try {
            getNext().invoke(request, response);
        } finally {
            RequestScope scope = RequestScope.of(request);
            if (scope != null && isOver(scope, response)) {
                scope.end();
            }
        }
    }

    /** A connection that is lost by now is closed, and then no listener is told any more. */
    private static boolean isOver(RequestScope scope, Response response) {
        return switch (scope.phase()) {
            case ENTERED -> false;
            case ASYNCHRONOUS -> !isConnected(response);
            case LEFT_TO_CONTAINER -> true;
        };
    }

    private static boolean isConnected(Response response) {
        AtomicBoolean isAllowed = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, isAllowed);
        return isAllowed.get();
    }
}
