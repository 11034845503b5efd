// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.eclipse.jetty.ee11.servlet.ServletApiRequest;
import org.eclipse.jetty.server.Request;

/** Jetty's own way to tell when a request is complete. Not to be loaded where Jetty is not. */
final class JettyRequests {

    private JettyRequests() {}

    /** Has a scope end when all is done; false if it is no request of Jetty's. */
    static boolean whenComplete(ServletRequest request, RequestScope scope) {
        ServletRequest unwrapped = request;
        while (unwrapped instanceof ServletRequestWrapper wrapper) {
            unwrapped = wrapper.getRequest();
        }
        if (!(unwrapped instanceof ServletApiRequest own)) {
            return false;
        }
        if (scope.awaitCompletion()) {
            Request.addCompletionListener(own.getRequest(), failure -> scope.end());
        }
        return true;
    }
}
