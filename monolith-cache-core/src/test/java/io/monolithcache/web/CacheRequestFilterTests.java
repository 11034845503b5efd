// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** In a container that tells as little as the servlet API allows. */
class CacheRequestFilterTests {

    @TempDir
    Path root;

    private CacheManager manager;
    private CacheScopes scopes;
    private CacheRequestFilter filter;

    private MockHttpServletRequest request = request();
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final List<Path> paths = new ArrayList<>();

    @BeforeEach
    void open() {
        manager = CacheManager.builder().root(root).build();
        scopes = new CacheScopes(manager);
        filter = new CacheRequestFilter(scopes);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static MockHttpServletRequest request() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/report");
        request.setAsyncSupported(true);
        return request;
    }

    private void dispatch(DispatcherType type, FilterChain chain) throws ServletException, IOException {
        request.setDispatcherType(type);
        filter.doFilter(request, response, chain);
    }

    private final FilterChain use = (given, answer) -> {
        paths.add(scopes.directory().path());
        assertThat(paths.get(paths.size() - 1)).isDirectory();
    };

    private final FilterChain useAndGoOn = (given, answer) -> {
        use.doFilter(given, answer);
        given.startAsync();
    };

    @Test
    void aRequestIsAScope() throws Exception {
        dispatch(DispatcherType.REQUEST, use);

        assertThat(paths).singleElement().satisfies(path -> assertThat(path).doesNotExist());
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void aRequestThatAsksForNoneHasNoDirectory() throws Exception {
        dispatch(
                DispatcherType.REQUEST,
                (given, answer) -> assertThat(scopes.isOpen()).isTrue());

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void eachRequestHasItsOwn() throws Exception {
        dispatch(DispatcherType.REQUEST, use);
        request = request();
        dispatch(DispatcherType.REQUEST, use);

        assertThat(paths).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void aRequestThatThrowsIsOverWhereNoContainerTellsMore() {
        assertThatThrownBy(() -> dispatch(DispatcherType.REQUEST, (given, answer) -> {
                    use.doFilter(given, answer);
                    throw new ServletException("on purpose");
                }))
                .isInstanceOf(ServletException.class);

        assertThat(paths).singleElement().satisfies(path -> assertThat(path).doesNotExist());
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void aRequestThatIsAnsweredWithAnErrorIsOverWhereNoContainerTellsMore() throws Exception {
        response.setStatus(404);
        dispatch(DispatcherType.REQUEST, use);

        assertThat(paths).singleElement().satisfies(path -> assertThat(path).doesNotExist());
    }

    @Test
    void anAsynchronousRequestIsOverWhenItIsComplete() throws Exception {
        dispatch(DispatcherType.REQUEST, useAndGoOn);

        assertThat(scopes.isOpen()).as("visible to the thread that has left").isFalse();
        assertThat(paths.get(0)).isDirectory();
        request.getAsyncContext().complete();
        assertThat(paths.get(0)).doesNotExist();
    }

    @Test
    void neitherATimeoutNorAnErrorIsTheEnd() throws Exception {
        dispatch(DispatcherType.REQUEST, useAndGoOn);
        MockAsyncContext context = (MockAsyncContext) request.getAsyncContext();
        for (AsyncListener listener : context.getListeners()) {
            listener.onTimeout(new AsyncEvent(context));
            listener.onError(new AsyncEvent(context));
            listener.onStartAsync(new AsyncEvent(context));
        }

        assertThat(paths.get(0)).isDirectory();
    }

    @Test
    void everyDispatchOfARequestIsInTheSameScope() throws Exception {
        dispatch(DispatcherType.REQUEST, useAndGoOn);
        request.setAsyncStarted(false);
        dispatch(DispatcherType.ASYNC, useAndGoOn);
        request.setAsyncStarted(false);
        dispatch(DispatcherType.ASYNC, use);

        assertThat(paths).hasSize(3);
        assertThat(paths.get(1)).isEqualTo(paths.get(0));
        assertThat(paths.get(2)).isEqualTo(paths.get(0)).doesNotExist();
    }

    @Test
    void aDispatchInsideAnotherIsPassedOn() throws Exception {
        dispatch(DispatcherType.REQUEST, (given, answer) -> {
            use.doFilter(given, answer);
            filter.doFilter(given, answer, use);
            scopes.run(() -> {
                try {
                    filter.doFilter(given, answer, use);
                } catch (IOException | ServletException impossible) {
                    throw new AssertionError(impossible);
                }
            });
            use.doFilter(given, answer);
        });

        assertThat(paths).hasSize(4);
        assertThat(paths.get(1)).isEqualTo(paths.get(0));
        assertThat(paths.get(2)).as("in a scope of the application's").isNotEqualTo(paths.get(0));
        assertThat(paths.get(3)).isEqualTo(paths.get(0));
    }

    @Test
    void aDispatchAfterTheEndHasAScopeOfItsOwn() throws Exception {
        response.setStatus(500);
        dispatch(DispatcherType.REQUEST, use);
        dispatch(DispatcherType.ERROR, use);

        assertThat(paths)
                .doesNotHaveDuplicates()
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).doesNotExist());
    }

    @Test
    void whatIsHeldIsKept() throws Exception {
        List<Runnable> tasks = new ArrayList<>();
        dispatch(DispatcherType.REQUEST, (given, answer) -> {
            use.doFilter(given, answer);
            tasks.add(scopes.wrap(() -> {
                paths.add(scopes.directory().path());
            }));
        });

        assertThat(paths.get(0)).isDirectory();
        tasks.get(0).run();
        assertThat(paths.get(1)).isEqualTo(paths.get(0)).doesNotExist();
    }

    @Test
    void aRequestThatTheContainerForgetsEndsWithALaterOne() throws Exception {
        dispatch(DispatcherType.REQUEST, useAndGoOn);
        CacheId forgotten = CacheId.of(paths.get(0).getFileName().toString());
        request = request();

        await().until(() -> {
            System.gc();
            filter.doFilter(request(), response, (given, answer) -> {});
            return manager.find(forgotten).isEmpty();
        });
        assertThat(paths.get(0)).doesNotExist();
    }

    @Test
    void anOrdinaryRequestIsNotWatched() throws Exception {
        CacheDirectory[] directory = new CacheDirectory[1];
        dispatch(
                DispatcherType.REQUEST,
                (given, answer) -> directory[0] = RequestScope.required(request).directory());

        assertThatIllegalStateException().isThrownBy(() -> directory[0].path());
        assertThat(Files.exists(root.resolve("monolith-cache/caches"))).isFalse();
    }

    @Test
    void withoutTheFilterThereIsNoScope() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RequestScope.required(request))
                .withMessageContaining("GET /report")
                .withMessageContaining("CacheRequestFilter");
    }
}
