// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import jakarta.servlet.AsyncContext;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.ServletWebRequest;

/** What Spring MVC asks it for, in the orders that it may come. */
class CacheScopeCallableInterceptorTests {

    private final CacheScopeCallableInterceptor interceptor = new CacheScopeCallableInterceptor();
    private final Callable<String> task = () -> "done";

    @TempDir
    Path root;

    private CacheManager manager;
    private CacheScopes scopes;
    private Path path;
    private AsyncContext context;
    private NativeWebRequest request;

    @BeforeEach
    void startARequest() throws Exception {
        manager = CacheManager.builder().root(root).build();
        scopes = new CacheScopes(manager);
        MockHttpServletRequest given = new MockHttpServletRequest();
        given.setAsyncSupported(true);
        request = new ServletWebRequest(given);
        new CacheRequestFilter(scopes).doFilter(given, new MockHttpServletResponse(), (inside, answer) -> {
            path = scopes.directory().path();
            context = inside.startAsync();
            interceptor.beforeConcurrentHandling(request, task);
        });
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aTaskSeesTheScopeAndKeepsItWhenTheRequestIsOver() {
        interceptor.preProcess(request, task);
        assertThat(scopes.directory().path()).isEqualTo(path);
        context.complete();
        interceptor.afterCompletion(request, task);
        assertThat(path).isDirectory();

        interceptor.postProcess(request, task, "done");
        assertThat(path).doesNotExist();
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void aTaskThatIsDoneFirstKeepsNothing() {
        interceptor.preProcess(request, task);
        interceptor.postProcess(request, task, "done");
        assertThat(path).isDirectory();

        context.complete();
        interceptor.afterCompletion(request, task);
        assertThat(path).doesNotExist();
    }

    @Test
    void aTaskThatNeverRanKeepsNothing() {
        context.complete();
        assertThat(path).isDirectory();
        interceptor.afterCompletion(request, task);
        assertThat(path).doesNotExist();
    }

    @Test
    void aTaskThatRunsTooLateSeesNothing() {
        context.complete();
        interceptor.afterCompletion(request, task);

        interceptor.preProcess(request, task);
        assertThat(scopes.isOpen()).isFalse();
        interceptor.postProcess(request, task, "done");
    }

    @Test
    void aRequestWithoutAScopeIsLeftAlone() {
        NativeWebRequest other = new ServletWebRequest(new MockHttpServletRequest());
        interceptor.beforeConcurrentHandling(other, task);
        interceptor.preProcess(other, task);
        assertThat(scopes.isOpen()).isFalse();
        interceptor.postProcess(other, task, "done");
        interceptor.afterCompletion(other, task);
    }
}
