// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScopes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Answers in every way that Spring MVC and the servlet API know, with bytes that lie in the request's directory. */
@RestController
class ResponseKindsController implements DisposableBean {

    /** What a controller's method needs: the request's directory, with the file in it, and what is to become of it. */
    record Work(Witness.Seen seen, Outcome outcome) {

        byte[] bytes() throws IOException {
            failEarly();
            return seen.bytes();
        }

        void writeTo(OutputStream out) throws IOException {
            failEarly();
            if (outcome == Outcome.BREAKS_OFF) {
                seen.copy(out, outcome.size() / 2);
                throw new IllegalStateException("in the middle, on purpose");
            }
            seen.copy(out, outcome.size());
        }

        void failEarly() {
            switch (outcome) {
                case FAILS -> throw new IllegalStateException("on purpose");
                case SENDS_ERROR -> throw new ResponseStatusException(HttpStatus.CONFLICT, "on purpose");
                case TIMES_OUT -> neverReturn();
                default -> {}
            }
        }

        /** Still at work when the client has the error page, as far as it hears of it at all. */
        private void neverReturn() {
            int known = seen.writes.get();
            try {
                new CountDownLatch(1).await(30, TimeUnit.SECONDS);
            } catch (InterruptedException timeIsUp) {
                // then it goes on
            }
            await().until(() -> seen.writes.get() > known);
            if (seen.isGone()) {
                seen.writesWithoutDirectory.incrementAndGet();
            }
        }

        /** On the application's own thread, nobody interrupts. */
        boolean isNeverDone() {
            return outcome == Outcome.TIMES_OUT;
        }
    }

    private final Witness witness;
    private final CacheScopes scopes;
    /** Not Boot's, whose tasks hold the scope that they are handed over in. */
    private final AsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("plain-");

    private final ExecutorService threads = Executors.newCachedThreadPool();

    ResponseKindsController(Witness witness, CacheScopes scopes) {
        this.witness = witness;
        this.scopes = scopes;
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }

    @ModelAttribute
    Work work(
            CacheDirectory directory,
            @RequestHeader(Witness.HEADER) String row,
            @RequestParam Outcome outcome,
            HttpServletRequest request) {
        Witness.Seen seen = witness.of(row);
        if (seen.isUsed()) {
            // a forward, an include, a second asynchronous round: it is still the same request
            if (!seen.id().equals(directory.id())) {
                throw new AssertionError("Another directory in a " + request.getDispatcherType() + " dispatch");
            }
        } else {
            seen.use(directory, outcome.size());
        }
        return new Work(seen, outcome);
    }

    @GetMapping("/plain")
    byte[] plain(@ModelAttribute Work work) throws IOException {
        return work.bytes();
    }

    @GetMapping("/stream")
    void stream(@ModelAttribute Work work, HttpServletResponse response) throws IOException {
        work.writeTo(response.getOutputStream());
    }

    @GetMapping("/callable")
    Callable<byte[]> callable(@ModelAttribute Work work) {
        return () -> {
            requireVisible(work);
            return work.bytes();
        };
    }

    @GetMapping("/web-async-task")
    WebAsyncTask<byte[]> webAsyncTask(@ModelAttribute Work work) {
        return new WebAsyncTask<>(null, executor, () -> {
            requireVisible(work);
            return work.bytes();
        });
    }

    @GetMapping("/deferred-result")
    DeferredResult<byte[]> deferredResult(@ModelAttribute Work work) {
        DeferredResult<byte[]> result = new DeferredResult<>();
        if (!work.isNeverDone()) {
            threads.execute(() -> {
                try {
                    result.setResult(work.bytes());
                } catch (Exception failure) {
                    result.setErrorResult(failure);
                }
            });
        }
        return result;
    }

    @GetMapping("/completable-future")
    CompletableFuture<byte[]> completableFuture(@ModelAttribute Work work) {
        if (work.isNeverDone()) {
            return new CompletableFuture<>();
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.bytes();
                    } catch (IOException failure) {
                        throw new CompletionException(failure);
                    }
                },
                threads);
    }

    @GetMapping("/streaming-response-body")
    StreamingResponseBody streamingResponseBody(@ModelAttribute Work work) {
        return out -> {
            requireVisible(work);
            work.writeTo(out);
        };
    }

    /** Spring's threads see the scope. */
    private void requireVisible(Work work) {
        if (!scopes.directory().id().equals(work.seen().id())) {
            throw new AssertionError("Another directory");
        }
    }

    @GetMapping("/response-body-emitter")
    ResponseBodyEmitter responseBodyEmitter(@ModelAttribute Work work) {
        ResponseBodyEmitter emitter = new ResponseBodyEmitter();
        emit(work, emitter, out -> emitter.send(out));
        return emitter;
    }

    @GetMapping("/sse-emitter")
    SseEmitter sseEmitter(@ModelAttribute Work work) {
        SseEmitter emitter = new SseEmitter();
        emit(work, emitter, out -> emitter.send(SseEmitter.event().data("x".repeat(out.length))));
        return emitter;
    }

    private interface Sending {
        void send(byte[] piece) throws IOException;
    }

    private void emit(Work work, ResponseBodyEmitter emitter, Sending sending) {
        if (work.isNeverDone()) {
            return;
        }
        threads.execute(scopes.wrap(() -> {
            try {
                work.writeTo(new OutputStream() {
                    @Override
                    public void write(int one) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void write(byte[] bytes) throws IOException {
                        sending.send(bytes);
                    }
                });
                emitter.complete();
            } catch (Exception failure) {
                completeWithError(emitter, failure);
            }
        }));
    }

    private static void completeWithError(ResponseBodyEmitter emitter, Exception failure) {
        try {
            emitter.completeWithError(failure);
        } catch (IllegalStateException lost) {
            // Tomcat has completed it, when it lost the client; Jetty waits for this
        }
    }

    @GetMapping("/async-context")
    void asyncContext(@ModelAttribute Work work, HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync(request, response);
        if (work.outcome() == Outcome.FAILS) {
            work.failEarly();
        }
        if (work.isNeverDone()) {
            return;
        }
        threads.execute(scopes.wrap(() -> {
            HttpServletResponse answer = (HttpServletResponse) context.getResponse();
            try {
                // what is missing at the end tells the client that it was broken off
                answer.setContentLength(work.outcome().size());
                work.writeTo(answer.getOutputStream());
            } catch (ResponseStatusException error) {
                sendError(answer, error.getStatusCode().value());
            } catch (IOException | IllegalStateException failure) {
                // the client has gone, or it is broken off
            } finally {
                complete(context);
            }
        }));
    }

    private static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException lost) {
            // Tomcat has completed it, when it lost the client
        }
    }

    private static void sendError(HttpServletResponse response, int status) {
        try {
            response.sendError(status);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @GetMapping("/async-twice")
    void asyncTwice(@ModelAttribute Work work, HttpServletRequest request, HttpServletResponse response) {
        request.startAsync(request, response).dispatch(ResponseKind.CALLABLE.path());
    }

    @GetMapping({"/resource", "/range"})
    Resource resource(@ModelAttribute Work work) {
        work.failEarly();
        return new FileSystemResource(work.seen().file());
    }

    @GetMapping("/forward")
    void forward(@ModelAttribute Work work, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.getRequestDispatcher(ResponseKind.STREAM.path()).forward(request, response);
    }

    @GetMapping("/include")
    void include(@ModelAttribute Work work, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (work.outcome() == Outcome.SENDS_ERROR) {
            // what is included may not
            work.failEarly();
        }
        request.getRequestDispatcher(ResponseKind.STREAM.path()).include(request, response);
    }
}
