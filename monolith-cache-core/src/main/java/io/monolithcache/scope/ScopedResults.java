// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.springframework.core.ReactiveAdapter;

/** Lets go of a scope when the result is there, which it is at once unless it is of a kind that comes later. */
final class ScopedResults {

    private static final String HELD = "held by a result";

    private ScopedResults() {}

    /** Hands back the result, or a stream or publisher that stands for it. */
    static Object keepOpen(Object result, OpenScope held) {
        if (result instanceof CompletionStage<?> stage) {
            untilItCompletes(stage, held);
            return result;
        }
        if (result instanceof BaseStream<?, ?> stream) {
            return ScopedStream.of(stream, held.watched(HELD));
        }
        ReactiveAdapter adapter = ReactiveResults.adapterOf(result);
        if (adapter != null && ReactiveResults.PRESENT) {
            return ReactiveResults.firstSubscription(adapter, result, held);
        }
        held.close();
        if (adapter != null || result instanceof Flow.Publisher) {
            throw refused(result, "needs io.projectreactor:reactor-core on the class path");
        }
        if (result instanceof Future<?> future && !future.isDone()) {
            throw refused(result, "tells nobody when it is done. Return a CompletableFuture");
        }
        return result;
    }

    private static void untilItCompletes(CompletionStage<?> stage, OpenScope held) {
        try {
            CompletionStage<?> unused = stage.whenComplete((value, failure) -> held.closeAndLog());
        } catch (RuntimeException | Error refusal) {
            held.closeAfter(refusal);
            throw refusal;
        }
        if (!held.isClosed()) {
            held.watched(HELD);
        }
    }

    private static IllegalStateException refused(Object result, String why) {
        return new IllegalStateException("The cache scope is to end with the result of what ran in it, and a "
                + result.getClass().getName() + " " + why + ". The scope has ended already");
    }
}
