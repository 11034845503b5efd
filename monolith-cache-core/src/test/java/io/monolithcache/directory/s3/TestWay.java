// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A way to a bucket on which a test decides what becomes of a request, and which remembers all of them. */
final class TestWay implements MemoryBucket.Way {

    /** What becomes of a request that a test waits for. */
    @FunctionalInterface
    interface Fate {

        <T> T meet(Supplier<T> effect);
    }

    private record Expected(Predicate<String> request, Fate fate) {}

    private final List<String> requests = new ArrayList<>();
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final List<Supplier<?>> late = new ArrayList<>();
    private boolean cut;

    /** It does not arrive, and the client hears nothing. */
    static final Fate NEVER_ARRIVES = new Fate() {
        @Override
        public <T> T meet(Supplier<T> effect) {
            throw SdkClientException.create("the connection broke");
        }
    };

    /** It has its effect, and the client hears nothing. */
    static final Fate ANSWER_IS_LOST = new Fate() {
        @Override
        public <T> T meet(Supplier<T> effect) {
            try {
                T unused = effect.get();
            } catch (RuntimeException answer) {
                // lost as well
            }
            throw SdkClientException.create("the connection broke");
        }
    };

    /** The client hears nothing, and it arrives when the test says so. */
    Fate arrivesLate() {
        return new Fate() {
            @Override
            public <T> T meet(Supplier<T> effect) {
                synchronized (TestWay.this) {
                    late.add(effect);
                }
                throw SdkClientException.create("the connection broke");
            }
        };
    }

    /** It is answered with that status, and has no effect. */
    static Fate isAnswered(int status) {
        return new Fate() {
            @Override
            public <T> T meet(Supplier<T> effect) {
                throw MemoryBucket.failure(status);
            }
        };
    }

    /** Something happens before it arrives. */
    static Fate after(Runnable step) {
        return new Fate() {
            @Override
            public <T> T meet(Supplier<T> effect) {
                step.run();
                return effect.get();
            }
        };
    }

    /** Something happens after it had its effect, and before the client hears of it. */
    static Fate before(Runnable step) {
        return new Fate() {
            @Override
            public <T> T meet(Supplier<T> effect) {
                T answer = effect.get();
                step.run();
                return answer;
            }
        };
    }

    /** The next request that begins like that meets this fate; those that were told before come before. */
    synchronized TestWay next(String beginning, Fate fate) {
        expected.add(new Expected(request -> request.startsWith(beginning), fate));
        return this;
    }

    synchronized void cut(boolean isCut) {
        cut = isCut;
    }

    /** What was late arrives now. @return whether each had its effect */
    List<Boolean> arrive() {
        List<Supplier<?>> now;
        synchronized (this) {
            now = List.copyOf(late);
            late.clear();
        }
        return now.stream().map(TestWay::isDone).toList();
    }

    private static boolean isDone(Supplier<?> effect) {
        try {
            Object unused = effect.get();
            return true;
        } catch (RuntimeException refused) {
            return false;
        }
    }

    /** All requests since the last question. */
    synchronized List<String> take() {
        List<String> all = List.copyOf(requests);
        requests.clear();
        return all;
    }

    /** Their kinds alone. */
    List<String> takeKinds() {
        return take().stream()
                .map(request -> request.substring(0, request.indexOf(' ')))
                .toList();
    }

    @Override
    public <T> T send(String request, Supplier<T> effect) {
        Fate fate = note(request);
        return fate == null ? effect.get() : fate.meet(effect);
    }

    private synchronized @Nullable Fate note(String request) {
        requests.add(request);
        if (cut) {
            return NEVER_ARRIVES;
        }
        Expected first = expected.peek();
        if (first != null && first.request().test(request)) {
            return expected.remove().fate();
        }
        return null;
    }
}
