// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.MethodParameter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.ServletWebRequest;

class CacheDirectoryArgumentResolverTests {

    private final CacheDirectoryArgumentResolver resolver = new CacheDirectoryArgumentResolver();

    @TempDir
    Path root;

    interface Special extends CacheDirectory {}

    static void handler(CacheDirectory directory, Special special, Object any, String other) {}

    private static MethodParameter parameter(int index) {
        for (Method method : CacheDirectoryArgumentResolverTests.class.getDeclaredMethods()) {
            if (method.getName().equals("handler")) {
                return new MethodParameter(method, index);
            }
        }
        throw new AssertionError();
    }

    @Test
    void onlyACacheDirectoryIsResolved() {
        assertThat(resolver.supportsParameter(parameter(0))).isTrue();
        assertThat(resolver.supportsParameter(parameter(1))).isFalse();
        assertThat(resolver.supportsParameter(parameter(2))).isFalse();
        assertThat(resolver.supportsParameter(parameter(3))).isFalse();
    }

    @Test
    void theDirectoryIsThatOfTheRequestOnEveryThread() throws Exception {
        try (CacheManager manager = CacheManager.builder().root(root).build()) {
            CacheScopes scopes = new CacheScopes(manager);
            MockHttpServletRequest request = new MockHttpServletRequest();
            new CacheRequestFilter(scopes).doFilter(request, new MockHttpServletResponse(), (given, answer) -> {
                CacheDirectory directory =
                        resolver.resolveArgument(parameter(0), null, new ServletWebRequest(request), null);
                assertThat(root).as("not before it is used").isEmptyDirectory();
                Path elsewhere = CompletableFuture.supplyAsync(directory::path, task -> new Thread(task).start())
                        .join();
                scopes.run(() -> assertThat(directory.path()).isEqualTo(elsewhere));
                directory.close();
                assertThat(elsewhere).isEqualTo(scopes.directory().path()).isDirectory();
            });
        }
    }

    @Test
    void withoutTheFilterItFailsAndSaysSo() {
        NativeWebRequest request = new ServletWebRequest(new MockHttpServletRequest("GET", "/report"));
        assertThatIllegalStateException()
                .isThrownBy(() -> resolver.resolveArgument(parameter(0), null, request, null))
                .withMessageContaining("GET /report is no cache scope");
    }
}
