// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import io.monolithcache.scope.OpenScope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;

/**
 * Threads that Spring MVC runs a {@code Callable}, a {@code WebAsyncTask} or a {@code StreamingResponseBody} on see the
 * request's scope, and hold it open until they are done: a container completes a request whose client has gone, or
 * whose time is up, while such a thread is still reading.
 */
public final class CacheScopeCallableInterceptor implements CallableProcessingInterceptor {

    /**
     * What is held for threads that have not begun yet, by the object that Spring has per request. Not in an attribute
     * of the request: a thread that is late would ask a request that has been recycled.
     */
    private final Map<NativeWebRequest, OpenScope> waiting = new ConcurrentHashMap<>();

    private final ThreadLocal<@Nullable Running> running = new ThreadLocal<>();

    private record Running(OpenScope held, OpenScope.Visible visible) {

        void end() {
            visible.close();
            held.close();
        }
    }

    /** In the request's thread. */
    @Override
    public <T> void beforeConcurrentHandling(NativeWebRequest request, Callable<T> task) {
        HttpServletRequest servletRequest = request.getNativeRequest(HttpServletRequest.class);
        RequestScope scope = servletRequest == null ? null : RequestScope.of(servletRequest);
        if (scope != null && scope.isOpen()) {
            waiting.put(request, scope.hold());
        }
    }

    /** In the thread of the task, before it, if it runs at all. */
    @Override
    public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
        OpenScope held = waiting.remove(request);
        if (held != null) {
            running.set(new Running(held, held.enter()));
        }
    }

    /** In the thread of the task, after it. */
    @Override
    public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object result) {
        Running ran = running.get();
        if (ran != null) {
            running.remove();
            ran.end();
        }
    }

    /** In a thread of the container, when the request is complete, whatever has become of the task. */
    @Override
    public <T> void afterCompletion(NativeWebRequest request, Callable<T> task) {
        OpenScope held = waiting.remove(request);
        if (held != null) {
            held.close();
        }
    }
}
