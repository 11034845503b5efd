// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.LogWatch;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A scope ends with the result of what ran in it. */
class ResultsOfScopesTests extends ScopesOfOneManager {

    // ---- stages

    @Test
    void theFutureOfATaskIsHandedOutItself() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        assertThat(scopes.call(() -> future)).isSameAs(future);
        future.complete("done");
    }

    @Test
    void theScopeEndsWhenTheFutureCompletes() throws Exception {
        CompletableFuture<String> future = scopes.call(this::pending);
        assertThat(directories()).isOne();
        future.complete("done");
        assertThat(directories()).isZero();
    }

    @Test
    void theScopeEndsWhenTheFutureFails() throws Exception {
        CompletableFuture<String> future = scopes.call(this::pending);
        future.completeExceptionally(new IllegalStateException());
        assertThat(directories()).isZero();
    }

    @Test
    void theScopeEndsWhenTheFutureIsCancelled() throws Exception {
        CompletableFuture<String> future = scopes.call(this::pending);
        future.cancel(true);
        assertThat(directories()).isZero();
    }

    private CompletableFuture<String> pending() {
        here();
        return new CompletableFuture<>();
    }

    @Test
    void theScopeOfACompletedFutureHasEnded() throws Exception {
        Path path = scopes.call(() -> CompletableFuture.completedFuture(here())).join();
        assertThat(path).doesNotExist();
    }

    @Test
    void theScopeEndsWithAStageThatIsNoFuture() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        CompletionStage<String> stage = scopes.call(() -> {
            here();
            return future.minimalCompletionStage();
        });
        assertThat(directories()).isOne();
        future.complete("done");
        assertThat(directories()).isZero();
        assertThat(stage).isNotNull();
    }

    @Test
    void theScopeEndsWithAStageThatTakesNoCallback() {
        CompletionStage<?> refusing = (CompletionStage<?>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CompletionStage.class}, (self, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> scopes.call(() -> {
                    here();
                    return refusing;
                }))
                .withMessage("whenComplete");
        assertThat(directories()).isZero();
    }

    @Test
    void anEndThatFailsWithNobodyToHearIsLogged() throws Exception {
        CacheScopes breaking = new CacheScopes(new BrokenManager().manager());
        CompletableFuture<String> future = breaking.call(() -> {
            breaking.directory().id();
            return new CompletableFuture<>();
        });
        try (LogWatch log = new LogWatch()) {
            future.complete("done");
            assertThat(log.causesOfWarnings()).singleElement().isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(future).isCompletedWithValue("done");
    }

    @Test
    void anEndThatFailsDoesNotHideTheFailureOfTheTask() {
        CacheScopes breaking = new CacheScopes(new BrokenManager().manager());
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> breaking.call(() -> {
                    breaking.directory().id();
                    throw new ArithmeticException();
                }))
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .isInstanceOf(IllegalArgumentException.class));
    }

    // ---- futures

    @Test
    void aPlainFutureThatIsDoneIsAResultAsAnyOther() throws Exception {
        FutureTask<String> done = new FutureTask<>(() -> "done");
        done.run();
        assertThat(scopes.call(() -> done)).isSameAs(done);
    }

    @Test
    void aPlainFutureThatIsNotDoneIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> scopes.call(() -> {
                    here();
                    return new FutureTask<>(() -> "never");
                }))
                .withMessageContaining("java.util.concurrent.FutureTask")
                .withMessageContaining("Return a CompletableFuture");
        assertThat(directories()).isZero();
    }

    // ---- streams

    private Stream<String> lines(String... lines) throws Exception {
        return scopes.call(() -> {
            Path file = Files.write(here().resolve("lines"), List.of(lines));
            return Files.readAllLines(file).stream();
        });
    }

    @Test
    void theScopeEndsWhenTheStreamIsExhausted() throws Exception {
        Stream<String> lines = lines("one", "two");
        assertThat(directories()).isOne();
        assertThat(lines.map(String::length).toList()).containsExactly(3, 3);
        assertThat(directories()).isZero();
    }

    @Test
    void theScopeEndsWhenTheStreamIsClosed() throws Exception {
        try (Stream<String> lines = lines("one", "two")) {
            assertThat(lines.findFirst()).contains("one");
            assertThat(directories()).isOne();
        }
        assertThat(directories()).isZero();
    }

    @Test
    void closingTheStreamClosesWhatItWasMadeFrom() throws Exception {
        List<String> events = new ArrayList<>();
        Stream<String> stream = scopes.call(() -> {
            here();
            return Stream.of("one").onClose(() -> events.add("closed with " + directories()));
        });
        stream.close();
        stream.close();
        assertThat(events).containsExactly("closed with 1");
    }

    @Test
    void theScopeEndsWhenTheIteratorOfTheStreamIsAtItsEnd() throws Exception {
        Iterator<String> lines = lines("one", "two").iterator();
        lines.next();
        lines.next();
        assertThat(directories()).isOne();
        assertThat(lines.hasNext()).isFalse();
        assertThat(directories()).isZero();
        assertThat(lines.hasNext()).isFalse();
    }

    @Test
    void theScopeEndsWhenTheStreamFails() throws Exception {
        Stream<String> lines = lines("one", "two");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> lines.forEach(line -> {
                    throw new ArithmeticException();
                }));
        assertThat(directories()).isZero();
    }

    @Test
    void countingLooksAtEveryElement() throws Exception {
        assertThat(lines("one", "two").count()).isEqualTo(2);
        assertThat(directories()).isZero();
    }

    @Test
    void aSortedStreamStaysSorted() throws Exception {
        Stream<String> sorted = scopes.call(() -> Stream.of("b", "a").sorted(Comparator.reverseOrder()));
        assertThat(sorted.sorted(Comparator.reverseOrder()).toList()).containsExactly("b", "a");
    }

    @Test
    void theScopeOfAParallelStreamEndsWithItsLastPart() throws Exception {
        Stream<Integer> numbers = scopes.call(() -> {
            here();
            return IntStream.range(0, 10_000).boxed().parallel();
        });
        assertThat(numbers.isParallel()).isTrue();
        assertThat(numbers.mapToInt(number -> directories()).sum()).isEqualTo(10_000);
        assertThat(directories()).isZero();
    }

    @Test
    void streamsOfNumbersStayWhatTheyAre() throws Exception {
        IntStream ints = scopes.call(() -> {
            here();
            return IntStream.range(0, 3);
        });
        assertThat(directories()).isOne();
        assertThat(ints.sum()).isEqualTo(3);
        LongStream longs = scopes.call(() -> {
            here();
            return LongStream.range(0, 3);
        });
        assertThat(longs.sum()).isEqualTo(3);
        DoubleStream doubles = scopes.call(() -> {
            here();
            return DoubleStream.of(1, 2);
        });
        assertThat(doubles.sum()).isEqualTo(3);
        assertThat(directories()).isZero();
    }

    @Test
    void whatTheStreamDoesSeesTheScopeAndWhatTheCallerDoesNot() throws Exception {
        List<Boolean> callers = new ArrayList<>();
        Stream<Path> paths = scopes.call(() -> Stream.of(1, 2).map(number -> here()));
        List<Path> seen = paths.peek(path -> callers.add(scopes.isOpen())).toList();
        assertThat(seen).hasSize(2).containsOnly(seen.get(0));
        assertThat(callers).containsOnly(false);
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void aStreamOfAnotherLibraryHasToBeClosed() throws Exception {
        List<Runnable> onClose = new ArrayList<>();
        BaseStream<?, ?> theirs = (BaseStream<?, ?>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BaseStream.class}, (self, method, arguments) -> {
                    onClose.add((Runnable) arguments[0]);
                    return self;
                });
        BaseStream<?, ?> result = scopes.call(() -> {
            here();
            return theirs;
        });
        assertThat((Object) result).isSameAs(theirs);
        assertThat(directories()).isOne();
        onClose.forEach(Runnable::run);
        assertThat(directories()).isZero();
    }

    // ---- other publishers

    @Test
    void aPublisherOfTheJdkIsOneOfReactorsKind() throws Exception {
        try (SubmissionPublisher<String> source = new SubmissionPublisher<>()) {
            Flow.Publisher<String> publisher = scopes.call(() -> {
                here();
                return source;
            });
            assertThat((Object) publisher).isNotSameAs(source);
            assertThat(directories()).isOne();
            source.subscribe(new Ignoring());
            publisher.subscribe(new Ignoring() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.cancel();
                }
            });
            await().untilAsserted(() -> assertThat(directories()).isZero());
        }
    }

    private static class Ignoring implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(String item) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
