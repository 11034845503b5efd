// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.MethodParameter;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.BindingContext;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class CacheExchangeDecoratorTests {

    private final CacheDirectoryArgumentResolver resolver = new CacheDirectoryArgumentResolver();
    private final MockServerWebExchange exchange =
            MockServerWebExchange.from(MockServerHttpRequest.get("/report").build());
    private final List<Path> paths = new ArrayList<>();

    @TempDir
    Path root;

    private CacheManager manager;
    private CacheExchangeDecorator decorator;

    static void handler(CacheDirectory directory, Object any) {}

    @BeforeEach
    void open() {
        manager = CacheManager.builder().root(root).build();
        decorator = new CacheExchangeDecorator(new CacheScopes(manager));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static MethodParameter parameter(int index) {
        try {
            return new MethodParameter(
                    CacheExchangeDecoratorTests.class.getDeclaredMethod("handler", CacheDirectory.class, Object.class),
                    index);
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Mono<CacheDirectory> directory() {
        return resolver.resolveArgument(parameter(0), new BindingContext(), exchange)
                .cast(CacheDirectory.class);
    }

    private Mono<Void> exchange(Supplier<Mono<Void>> end) {
        HttpHandler handler = (request, response) -> directory()
                .doOnNext(directory -> {
                    assertThat(root).as("not before it is used").isEmptyDirectory();
                    paths.add(directory.path());
                })
                .then(Mono.defer(end));
        return decorator.apply(handler).handle(exchange.getRequest(), new MockServerHttpResponse());
    }

    private Path path() {
        return paths.get(0);
    }

    @Test
    void onlyACacheDirectoryIsResolved() {
        assertThat(resolver.supportsParameter(parameter(0))).isTrue();
        assertThat(resolver.supportsParameter(parameter(1))).isFalse();
    }

    @Test
    void anExchangeIsOverWhenItIsComplete() {
        exchange(() -> Mono.fromRunnable(() -> assertThat(path()).isDirectory()))
                .doOnSuccess(nothing ->
                        assertThat(path()).as("not before the server knows").isDirectory())
                .block();

        assertThat(path()).doesNotExist();
    }

    @Test
    void anExchangeIsOverWhenItFails() {
        assertThatThrownBy(() -> exchange(() -> Mono.error(new IllegalStateException("on purpose")))
                        .block())
                .hasMessage("on purpose");

        assertThat(path()).doesNotExist();
    }

    @Test
    void anExchangeIsOverWhenItIsCancelled() {
        Disposable subscription = exchange(Mono::never).subscribe();
        assertThat(path()).isDirectory();
        subscription.dispose();

        assertThat(path()).doesNotExist();
    }

    @Test
    void anExchangeThatAsksForNoneHasNoDirectory() {
        decorator
                .apply((request, response) -> Mono.empty())
                .handle(exchange.getRequest(), new MockServerHttpResponse())
                .block();

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void whereBlockingIsForbiddenTheEndIsElsewhere() {
        List<String> threads = new ArrayList<>();
        exchange(Mono::empty)
                .doFinally(signal -> threads.add(Thread.currentThread().getName()))
                .subscribeOn(Schedulers.parallel())
                .subscribe();

        await().untilAsserted(() -> {
            assertThat(paths).isNotEmpty();
            assertThat(path()).doesNotExist();
        });
        assertThat(threads).allMatch(name -> name.startsWith("parallel-"));
    }

    @Test
    void withoutTheDecoratorItFailsAndSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> directory().block())
                .withMessageContaining("GET /report is no cache scope")
                .withMessageContaining("CacheExchangeDecorator");
    }
}
