// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Lets one thread at a time go on, from one request to the next, and chooses whose turn it is by a seed: so that the
 * same seed gives the same history. Between any two steps time may pass, and what was late may arrive.
 */
final class Scheduler {

    /** What becomes of a request. */
    private enum Fate {
        DONE,
        ANSWER_LOST,
        NEVER_ARRIVES,
        ARRIVES_LATE,
        BUSY,
        CONFLICT
    }

    /** A thread of the simulation. */
    private static final class Actor {

        private final String name;
        private final Condition turn;
        private @Nullable Thread thread;
        private boolean mayRun;
        private boolean waits;
        private boolean over;

        /** On its way to the lock of the scheduler, or at it. */
        private volatile boolean arrives;

        Actor(String name, Condition turn) {
            this.name = name;
            this.turn = turn;
        }

        /** Waits for its turn, or for somebody else who does, at a lock of what is simulated. */
        boolean isQuiet() {
            return over || (waits ? !mayRun : !arrives && thread != null && thread.getState() == Thread.State.WAITING);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final Random random;
    private final int faults;
    private final Runnable betweenSteps;
    private final Collection<String> trail = new ConcurrentLinkedQueue<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Runnable> late = new ArrayList<>();
    private final Map<Thread, Actor> current = new ConcurrentHashMap<>();
    private @Nullable Throwable failure;
    private boolean over;

    /**
     * @param faults how many of a thousand requests meet one
     * @param betweenSteps looks whether all is as it must be, and lets time pass; with no other thread running
     */
    Scheduler(Random random, int faults, Runnable betweenSteps) {
        this.random = random;
        this.faults = faults;
        this.betweenSteps = betweenSteps;
    }

    void note(String what) {
        Actor actor = current.get(Thread.currentThread());
        trail.add((actor == null ? "" : actor.name + " ") + what);
    }

    String trail() {
        return String.join("\n", List.copyOf(trail));
    }

    void start(String name, Runnable work) {
        Actor actor = new Actor(name, lock.newCondition());
        actors.add(actor);
        Thread thread = new Thread(
                () -> {
                    current.put(Thread.currentThread(), actor);
                    try {
                        await(actor);
                        work.run();
                    } catch (Throwable unexpected) {
                        fail(unexpected);
                    } finally {
                        end(actor);
                    }
                },
                name);
        actor.thread = thread;
        threads.add(thread);
        thread.start();
    }

    private void fail(Throwable unexpected) {
        locked(() -> {
            if (failure == null) {
                failure = unexpected;
            }
        });
    }

    private void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    private void end(Actor actor) {
        actor.arrives = true;
        locked(() -> {
            actor.over = true;
            quiet.signal();
        });
    }

    private void await(Actor actor) {
        actor.arrives = true;
        locked(() -> {
            actor.waits = true;
            quiet.signal();
            while (!actor.mayRun) {
                if (over) {
                    throw new IllegalStateException("the simulation is over");
                }
                actor.turn.awaitUninterruptibly();
            }
            actor.mayRun = false;
            actor.waits = false;
        });
        actor.arrives = false;
    }

    /** Until all are done, or something is wrong. */
    void run() throws InterruptedException {
        try {
            while (isStepDone() && failure == null) {
                betweenSteps.run();
            }
        } finally {
            locked(() -> {
                over = true;
                actors.forEach(actor -> actor.turn.signal());
            });
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (failure != null) {
            throw new AssertionError("history:\n" + trail(), failure);
        }
    }

    /** False if all are done. */
    private boolean isStepDone() throws InterruptedException {
        lock.lock();
        try {
            awaitQuiet();
            List<Actor> waiting =
                    actors.stream().filter(actor -> !actor.over && actor.waits).toList();
            if (waiting.isEmpty()) {
                return !actors.stream().allMatch(actor -> actor.over);
            }
            if (!late.isEmpty() && random.nextInt(12) == 0) {
                late.remove(random.nextInt(late.size())).run();
                return true;
            }
            Actor next = waiting.get(random.nextInt(waiting.size()));
            next.mayRun = true;
            next.turn.signal();
            awaitQuiet();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void awaitQuiet() throws InterruptedException {
        while (!actors.stream().allMatch(Actor::isQuiet)) {
            // who comes to wait at a lock of what is simulated tells nobody
            boolean unused = quiet.await(1, TimeUnit.MILLISECONDS);
        }
    }

    /** A way to the bucket for threads of the simulation; others are let through. */
    MemoryBucket.Way way() {
        return new MemoryBucket.Way() {
            @Override
            public <T> T send(String request, Supplier<T> effect) {
                Actor actor = current.get(Thread.currentThread());
                return actor == null ? effect.get() : Scheduler.this.send(actor, request, effect);
            }
        };
    }

    private <T> T send(Actor actor, String request, Supplier<T> effect) {
        await(actor);
        Fate fate = fate(request);
        note(request + (fate == Fate.DONE ? "" : " " + fate));
        try {
            return switch (fate) {
                case DONE -> effect.get();
                case ANSWER_LOST -> lost(effect);
                case NEVER_ARRIVES -> throw SdkClientException.create("lost");
                case ARRIVES_LATE -> throw late(request, effect);
                case BUSY -> throw MemoryBucket.failure(503);
                case CONFLICT -> throw MemoryBucket.failure(409);
            };
        } finally {
            // the answer is on its way
            await(actor);
        }
    }

    /** Only by whoever has the turn. */
    private Fate fate(String request) {
        if (random.nextInt(1_000) >= faults) {
            return Fate.DONE;
        }
        Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
        boolean conditional = request.startsWith("PUT registry/") || request.startsWith("PUT owners/");
        return fate == Fate.CONFLICT && !conditional ? Fate.BUSY : fate;
    }

    private static <T> T lost(Supplier<T> effect) {
        try {
            T unused = effect.get();
        } catch (RuntimeException answer) {
            // lost as well
        }
        throw SdkClientException.create("lost");
    }

    private <T> SdkClientException late(String request, Supplier<T> effect) {
        late.add(() -> {
            try {
                T unused = effect.get();
                trail.add("late arrives " + request);
            } catch (RuntimeException refused) {
                trail.add("late is refused " + request);
            }
        });
        return SdkClientException.create("late");
    }

    /** Whatever is still on its way arrives. */
    void deliver() {
        late.forEach(Runnable::run);
        late.clear();
    }
}
