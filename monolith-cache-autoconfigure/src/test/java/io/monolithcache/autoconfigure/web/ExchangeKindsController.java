// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScopes;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers in the ways that WebFlux knows, with bytes that lie in the exchange's directory. */
@RestController
class ExchangeKindsController {

    private static final int PIECE = 8192;

    record Work(Witness.Seen seen, Outcome outcome) {

        /** What is wanted before the first byte. */
        <T> Mono<T> early() {
            return switch (outcome) {
                case FAILS -> Mono.error(new IllegalStateException("on purpose"));
                case SENDS_ERROR -> Mono.error(new ResponseStatusException(HttpStatus.CONFLICT, "on purpose"));
                case TIMES_OUT ->
                    Mono.<T>never()
                            .timeout(Duration.ofMillis(200))
                            .onErrorMap(
                                    TimeoutException.class,
                                    late -> new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "late", late));
                default -> Mono.empty();
            };
        }

        byte[] bytes() {
            try {
                return seen.bytes();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        byte[] piece(int number) {
            if (outcome == Outcome.BREAKS_OFF && number * PIECE >= outcome.size() / 2) {
                throw new IllegalStateException("in the middle, on purpose");
            }
            try {
                return seen.piece(number * PIECE, PIECE);
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        Flux<byte[]> pieces() {
            return this.<byte[]>early()
                    .thenMany(Flux.range(0, outcome.size() / PIECE)
                            .publishOn(Schedulers.boundedElastic())
                            .map(this::piece));
        }
    }

    private final Witness witness;
    private final CacheScopes scopes;

    ExchangeKindsController(Witness witness, CacheScopes scopes) {
        this.witness = witness;
        this.scopes = scopes;
    }

    @ModelAttribute
    Mono<Work> work(
            CacheDirectory directory, @RequestHeader(Witness.HEADER) String row, @RequestParam Outcome outcome) {
        Witness.Seen seen = witness.of(row);
        return Mono.fromCallable(() -> {
                    seen.use(directory, outcome.size());
                    if (!scopes.directory().id().equals(seen.id())) {
                        throw new AssertionError("A thread of Reactor sees another scope");
                    }
                    return new Work(seen, outcome);
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    @GetMapping("/mono")
    Mono<byte[]> mono(@ModelAttribute Mono<Work> work) {
        return work.flatMap(made -> made.<byte[]>early().switchIfEmpty(Mono.fromCallable(made::bytes)));
    }

    @GetMapping(path = "/flux", produces = "application/octet-stream")
    Flux<byte[]> flux(@ModelAttribute Mono<Work> work) {
        return work.flatMapMany(Work::pieces);
    }

    @GetMapping(path = "/events", produces = "text/event-stream")
    Flux<String> events(@ModelAttribute Mono<Work> work) {
        return work.flatMapMany(Work::pieces).map(piece -> "x".repeat(piece.length));
    }

    @GetMapping({"/file", "/range"})
    Mono<Resource> file(@ModelAttribute Mono<Work> work) {
        return work.flatMap(made -> made.<Resource>early()
                .switchIfEmpty(Mono.fromCallable(
                        () -> new FileSystemResource(made.seen().file()))));
    }
}
