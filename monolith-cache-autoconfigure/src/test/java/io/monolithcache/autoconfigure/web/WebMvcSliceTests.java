// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.monolithcache.directory.CacheDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** A slice has the argument, and MockMvc, which tells nobody when a request is over, wipes what it has used. */
@WebMvcTest(WebMvcSliceTests.Reports.class)
class WebMvcSliceTests {

    /** Not the common pool, which has one thread on two cores. */
    private static final Executor THREADS = task -> new Thread(task).start();

    @TempDir
    static Path root;

    @Autowired
    private MockMvc mvc;

    @Autowired
    private Reports reports;

    @DynamicPropertySource
    static void root(DynamicPropertyRegistry properties) {
        properties.add("monolith.cache.local.path", root::toString);
    }

    @BeforeEach
    void forget() {
        reports.path = null;
    }

    @Test
    void anAnswerThatIsReady() throws Exception {
        mvc.perform(post("/plain").content("abc"))
                .andExpect(status().isOk())
                .andExpect(content().string("abc"));

        assertThat(reports.path).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/callable", "/deferred", "/future", "/streaming", "/emitter"})
    void anAnswerThatComesLater(String path) throws Exception {
        MvcResult started =
                mvc.perform(get(path)).andExpect(request().asyncStarted()).andReturn();
        started.getAsyncResult();
        assertThat(reports.path).isDirectory();
        mvc.perform(asyncDispatch(started))
                .andExpect(status().isOk())
                .andExpect(content().string("later"));

        await().until(() -> Files.notExists(reports.path));
    }

    @Test
    void anErrorThatIsHandled() throws Exception {
        mvc.perform(get("/handled"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string("the same directory"));

        assertThat(reports.path).doesNotExist();
    }

    @Test
    void anErrorStatus() throws Exception {
        mvc.perform(get("/conflict")).andExpect(status().isConflict());

        assertThat(reports.path).doesNotExist();
    }

    @Test
    void anExceptionThatNobodyHandles() {
        assertThatThrownBy(() -> mvc.perform(get("/fails"))).hasRootCauseMessage("on purpose");

        assertThat(reports.path).doesNotExist();
    }

    @Test
    void anArgumentWithAnAnnotationIsSomebodyElses() throws Exception {
        CacheDirectory own = mock(CacheDirectory.class);
        mvc.perform(get("/attribute").requestAttr("directory", own))
                .andExpect(content().string("somebody else's"));
        mvc.perform(get("/model").flashAttr("directory", own))
                .andExpect(content().string("somebody else's"));
    }

    @Test
    void withoutTheFilterTheArgumentSaysSo() {
        MockMvc standalone = MockMvcBuilders.standaloneSetup(reports)
                .setCustomArgumentResolvers(new io.monolithcache.web.CacheDirectoryArgumentResolver())
                .build();
        assertThatThrownBy(() -> standalone.perform(post("/plain").content("abc")))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no CacheRequestFilter has seen it");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Reports.class)
    static class Application {}

    @RestController
    static class Reports {

        volatile Path path;

        static final class HandledException extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        private String use(CacheDirectory directory, String text) {
            path = directory.path();
            try {
                return Files.readString(Files.writeString(path.resolve("text"), text));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void open(CacheDirectory directory) {
            path = directory.path();
        }

        @PostMapping("/plain")
        String plain(@RequestBody String text, CacheDirectory directory) {
            return use(directory, text);
        }

        @GetMapping("/callable")
        Callable<String> callable(CacheDirectory directory) {
            open(directory);
            return () -> use(directory, "later");
        }

        @GetMapping("/deferred")
        DeferredResult<String> deferred(CacheDirectory directory) {
            open(directory);
            DeferredResult<String> result = new DeferredResult<>();
            CompletableFuture<Void> unused =
                    CompletableFuture.runAsync(() -> result.setResult(use(directory, "later")), THREADS);
            return result;
        }

        @GetMapping("/future")
        CompletableFuture<String> future(CacheDirectory directory) {
            open(directory);
            return CompletableFuture.supplyAsync(() -> use(directory, "later"), THREADS);
        }

        @GetMapping("/streaming")
        StreamingResponseBody streaming(CacheDirectory directory) {
            open(directory);
            return out -> out.write(use(directory, "later").getBytes(StandardCharsets.UTF_8));
        }

        @GetMapping("/emitter")
        ResponseBodyEmitter emitter(CacheDirectory directory) throws IOException {
            ResponseBodyEmitter emitter = new ResponseBodyEmitter();
            emitter.send(use(directory, "later"));
            emitter.complete();
            return emitter;
        }

        @GetMapping("/handled")
        String handled(CacheDirectory directory) {
            open(directory);
            throw new HandledException();
        }

        @ExceptionHandler
        ResponseEntity<String> handle(HandledException failure, CacheDirectory directory) {
            return ResponseEntity.unprocessableContent()
                    .body(directory.path().equals(path) ? "the same directory" : "another one");
        }

        @GetMapping("/conflict")
        String conflict(CacheDirectory directory) {
            open(directory);
            throw new ResponseStatusException(HttpStatus.CONFLICT);
        }

        @GetMapping("/fails")
        String fails(CacheDirectory directory) {
            open(directory);
            throw new IllegalStateException("on purpose");
        }

        @GetMapping("/attribute")
        String attribute(@RequestAttribute CacheDirectory directory) {
            return Mockito.mockingDetails(directory).isMock() ? "somebody else's" : "ours";
        }

        @GetMapping("/model")
        String model(@ModelAttribute("directory") CacheDirectory directory) {
            return Mockito.mockingDetails(directory).isMock() ? "somebody else's" : "ours";
        }
    }
}
