// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.Intercepted;
import io.monolithcache.directory.Intercepted.Answer;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where an owner can be made to stand still: before and after each step on the disk, and after each script. */
final class Stops {

    /** One such place. Whoever comes there first stands still until it is let go; whoever comes later passes. */
    static final class Stop {

        private final String place;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        private Stop(String place) {
            this.place = place;
        }

        private void pass() {
            if (!taken.getAndSet(true)) {
                reached.countDown();
                await(open, "let go");
            }
        }

        private void await(CountDownLatch latch, String what) {
            try {
                assertThat(latch.await(30, TimeUnit.SECONDS))
                        .as(place + " is " + what)
                        .isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        void awaitReached() {
            await(reached, "reached");
        }

        boolean isReached() {
            return reached.getCount() == 0;
        }

        void letGo() {
            open.countDown();
        }
    }

    private final Map<String, Stop> stops = new ConcurrentHashMap<>();

    /** @param step a method of {@link DirectoryStorage} */
    Stop before(String step) {
        return stop("before " + step);
    }

    /** The same once that is done, and before the owner learns of it. */
    Stop after(String step) {
        return stop("after " + step);
    }

    /** When a script has been answered, and before the owner learns of it. */
    Stop afterScript(RedisScript script) {
        return stop("after script " + script.command());
    }

    private Stop stop(String place) {
        Stop stop = new Stop(place);
        stops.put(place, stop);
        return stop;
    }

    private void pass(String place) {
        Stop stop = stops.get(place);
        if (stop != null) {
            stop.pass();
        }
    }

    DirectoryStorage around(DirectoryStorage storage) {
        Map<String, Answer> answers = new HashMap<>();
        for (Method method : DirectoryStorage.class.getMethods()) {
            answers.put(method.getName(), step -> around(method.getName(), step));
        }
        return Intercepted.intercept(DirectoryStorage.class, storage, answers);
    }

    private Object around(String name, Callable<Object> step) throws Exception {
        pass("before " + name);
        Object result = step.call();
        pass("after " + name);
        return result;
    }

    void ran(String command) {
        pass("after script " + command);
    }

    void letAllGo() {
        stops.values().forEach(Stop::letGo);
    }
}
