// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * A process that is going to be killed: one to three managers on one root, used by one to four threads. A byte on its
 * standard input calms it: everything is released, and the managers go on.
 */
final class Child {

    private Child() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        Random random = new Random(seed);
        Setup setup = Setup.parse(arguments[3]);
        Journal journal = new Journal(Path.of(arguments[1]), setup.mayFail());
        List<Slot> slots = new ArrayList<>();
        int managers = setup.managers(random);
        for (int number = 0; number < managers; number++) {
            slots.add(new Slot(number, root, setup, journal, random));
        }
        AtomicBoolean calm = new AtomicBoolean();
        List<Thread> threads = IntStream.range(0, setup.threads(random))
                .mapToObj(number -> new Thread(
                        new Worker(setup.sight(root), slots, journal, setup, calm, new Random(seed + number))))
                .toList();
        threads.forEach(Thread::start);
        if (System.in.read() >= 0) {
            calm.set(true);
            awaitEnd(threads);
            journal.note(Event.Phase.CALM, "-", "-", "");
            endWithParent();
        }
        Runtime.getRuntime().halt(1);
    }

    /** The parent holds the other end of the standard input: it ends when the parent does, however it dies. */
    private static void endWithParent() throws IOException {
        while (System.in.read() >= 0) {
            // nothing more is sent than the one byte for calm
        }
    }

    private static void awaitEnd(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
