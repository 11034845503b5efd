// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a controller answers; the path of the one that does is the name in lower case. */
enum ResponseKind {
    PLAIN(Why.ONE_PIECE, Why.IN_THE_THREAD),
    STREAM(null, Why.IN_THE_THREAD),
    CALLABLE(Why.ONE_PIECE, null),
    WEB_ASYNC_TASK(Why.ONE_PIECE, null),
    DEFERRED_RESULT(Why.ONE_PIECE, null),
    COMPLETABLE_FUTURE(Why.ONE_PIECE, null),
    STREAMING_RESPONSE_BODY(null, null),
    RESPONSE_BODY_EMITTER(null, null),
    SSE_EMITTER(null, null),
    ASYNC_CONTEXT(null, null),
    ASYNC_TWICE(Why.ONE_PIECE, null),
    RESOURCE(Why.ONE_PIECE, Why.IN_THE_THREAD),
    RANGE(Why.ONE_PIECE, Why.IN_THE_THREAD),
    FORWARD(null, Why.IN_THE_THREAD),
    INCLUDE(null, Why.IN_THE_THREAD);

    /** Why there is no such row. */
    private enum Why {
        /** Spring writes the whole, so nothing of the application's can fail in the middle. */
        ONE_PIECE,
        /** Nobody ends what runs in the thread of the container. */
        IN_THE_THREAD
    }

    private final @Nullable Why noBreak;
    private final @Nullable Why noTimeout;

    ResponseKind(@Nullable Why noBreak, @Nullable Why noTimeout) {
        this.noBreak = noBreak;
        this.noTimeout = noTimeout;
    }

    Set<Outcome> outcomes() {
        Set<Outcome> outcomes = EnumSet.allOf(Outcome.class);
        if (noBreak != null) {
            outcomes.remove(Outcome.BREAKS_OFF);
        }
        if (noTimeout != null) {
            outcomes.remove(Outcome.TIMES_OUT);
        }
        return outcomes;
    }

    String path() {
        return "/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
