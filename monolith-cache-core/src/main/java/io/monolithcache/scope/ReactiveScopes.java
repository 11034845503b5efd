// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Scopes of subscriptions. Loaded only with Reactor on the class path. */
final class ReactiveScopes {

    /** What a subscription works with: what keeps its scope open, and what shows it. */
    private record Subscribed(OpenScope held, OpenScope.Visible visible) {}

    private interface Opening {
        Subscribed open(ContextView context);
    }

    private interface Source {
        Publisher<Object> in(Subscribed scope) throws Throwable;
    }

    private ReactiveScopes() {}

    static Object perSubscription(
            ReactiveAdapter adapter,
            CacheScopes scopes,
            ScopePropagation propagation,
            CacheScopes.Body<@Nullable Object, Throwable> body) {
        return publisher(adapter, context -> subscribed(scopes, propagation, context), scope -> {
            try (OpenScope.Visible visible = VisibleScopes.enter(scope.visible())) {
                return adapter.toPublisher(body.proceed());
            }
        });
    }

    /** What the context shows comes first: the thread that subscribes may be anybody's. */
    private static Subscribed subscribed(CacheScopes scopes, ScopePropagation propagation, ContextView context) {
        OpenScope.Visible seen = context.getOrDefault(CacheScopeThreadLocalAccessor.KEY, VisibleScopes.top());
        OpenScope held = scopes.join(propagation, seen);
        LiveScope live = held.live();
        return new Subscribed(held, new OpenScope.Visible(live, VisibleScopes.outside(live, seen), null));
    }

    static Object firstSubscription(ReactiveAdapter adapter, Object result, OpenScope held) {
        OpenScope.Visible visible = held.visibility();
        Unsubscribed unsubscribed = new Unsubscribed(held);
        Publisher<Object> source = adapter.toPublisher(result);
        return publisher(adapter, context -> new Subscribed(unsubscribed.subscribe(), visible), scope -> source);
    }

    private static Object publisher(ReactiveAdapter adapter, Opening opening, Source source) {
        Publisher<Object> publisher = adapter.isMultiValue()
                ? Flux.deferContextual(context -> many(opening.open(context), source))
                : Mono.deferContextual(context -> one(opening.open(context), source));
        return adapter.fromPublisher(publisher);
    }

    // Mono.just is taken at once: between opening and the subscription to the source nothing can be cancelled.
    private static Flux<Object> many(Subscribed scope, Source source) {
        return Flux.usingWhen(
                Mono.just(scope),
                given -> Flux.from(made(given, source)).contextWrite(context -> shown(given, context)),
                ReactiveScopes::release,
                (given, failure) -> release(given),
                ReactiveScopes::release);
    }

    private static Mono<Object> one(Subscribed scope, Source source) {
        return Mono.usingWhen(
                Mono.just(scope),
                given -> Mono.from(made(given, source)).contextWrite(context -> shown(given, context)),
                ReactiveScopes::release,
                (given, failure) -> release(given),
                ReactiveScopes::release);
    }

    private static Publisher<Object> made(Subscribed scope, Source source) {
        try {
            return source.in(scope);
        } catch (Throwable failure) {
            return Mono.error(failure);
        }
    }

    private static Context shown(Subscribed scope, Context context) {
        return context.put(CacheScopeThreadLocalAccessor.KEY, scope.visible());
    }

    /** An end that has something to do may block: not where Reactor forbids it. */
    private static Mono<Void> release(Subscribed scope) {
        OpenScope held = scope.held();
        Mono<Void> release = Mono.fromRunnable(held::close);
        return Schedulers.isInNonBlockingThread() && held.live().isUsed()
                ? release.subscribeOn(Schedulers.boundedElastic())
                : release;
    }

    /** Keeps the scope of a publisher open until somebody subscribes, or nobody can any more. */
    private static final class Unsubscribed {

        private final LiveScope live;
        private final Cleaner.Cleanable held;

        Unsubscribed(OpenScope held) {
            this.live = held.live();
            this.held = ScopeLeaks.onDrop(this, held::closeAndLog);
        }

        OpenScope subscribe() {
            try {
                return OpenScope.hold(live);
            } finally {
                held.clean();
                Reference.reachabilityFence(this);
            }
        }
    }
}
