// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.util.Comparator;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a stream that keeps a scope open until it is exhausted, fails, or is closed. What the stream itself does
 * for an element sees the scope; what the caller does with the element sees what the caller sees.
 */
final class ScopedStream<T> implements Spliterator<T> {

    /** What all parts of a stream share, which may run on several threads. */
    private record Shared(OpenScope held, OpenScope.Visible inside, AtomicInteger parts) {

        void onePartLess() {
            if (parts.decrementAndGet() == 0) {
                held.close();
            }
        }
    }

    private final Spliterator<T> source;
    private final Shared shared;
    private boolean finished;

    private ScopedStream(Spliterator<T> source, Shared shared) {
        this.source = source;
        this.shared = shared;
    }

    static BaseStream<?, ?> of(BaseStream<?, ?> stream, OpenScope held) {
        if (stream.getClass().getClassLoader() != null) {
            // a stream of some library, which cannot be replaced by one of the JDK: it has to be closed
            return stream.onClose(held::close);
        }
        if (stream instanceof IntStream numbers) {
            return elements(numbers.boxed(), held).mapToInt(Integer::intValue);
        }
        if (stream instanceof LongStream numbers) {
            return elements(numbers.boxed(), held).mapToLong(Long::longValue);
        }
        if (stream instanceof DoubleStream numbers) {
            return elements(numbers.boxed(), held).mapToDouble(Double::doubleValue);
        }
        return elements((Stream<?>) stream, held);
    }

    private static <T> Stream<T> elements(Stream<T> stream, OpenScope held) {
        Shared shared = new Shared(held, held.visibility(), new AtomicInteger(1));
        return StreamSupport.stream(new ScopedStream<>(stream.spliterator(), shared), stream.isParallel())
                .onClose(stream::close)
                .onClose(held::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        return inside(action, source::tryAdvance);
    }

    @Override
    public void forEachRemaining(Consumer<? super T> action) {
        boolean more = inside(action, outside -> {
            source.forEachRemaining(outside);
            return false;
        });
        assert !more;
    }

    /** A step of the source, which sees the scope; the action sees what this thread saw. */
    private boolean inside(Consumer<? super T> action, Step<T> step) {
        OpenScope.Visible outside = VisibleScopes.swap(shared.inside());
        boolean more = false;
        try {
            more = step.take(element -> {
                OpenScope.Visible inside = VisibleScopes.swap(outside);
                try {
                    action.accept(element);
                } finally {
                    VisibleScopes.swap(inside);
                }
            });
            return more;
        } finally {
            VisibleScopes.swap(outside);
            if (!more) {
                finish();
            }
        }
    }

    private interface Step<T> {
        boolean take(Consumer<? super T> action);
    }

    /** Nothing comes any more: this was the end, or it failed. */
    private void finish() {
        if (!finished) {
            finished = true;
            shared.onePartLess();
        }
    }

    @Override
    public @Nullable Spliterator<T> trySplit() {
        Spliterator<T> part = source.trySplit();
        if (part == null) {
            return null;
        }
        shared.parts().incrementAndGet();
        return new ScopedStream<>(part, shared);
    }

    @Override
    public long estimateSize() {
        return source.estimateSize();
    }

    /** Without its exact size: {@code count()} would not look at any element then, and so never come to the end. */
    @Override
    public int characteristics() {
        return source.characteristics() & ~(SIZED | SUBSIZED);
    }

    @Override
    public Comparator<? super T> getComparator() {
        return source.getComparator();
    }
}
