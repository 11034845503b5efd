// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A process that is going to be killed: one to three managers on one root, used by one to four threads. */
final class Child {

    private Child() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        Random random = new Random(seed);
        Journal journal = new Journal(Path.of(arguments[1]));
        List<Slot> slots = new ArrayList<>();
        int managers = random.nextInt(1, 4);
        for (int number = 0; number < managers; number++) {
            slots.add(new Slot(number, root, journal, random));
        }
        Stream<Thread> threads = IntStream.range(0, random.nextInt(1, 5))
                .mapToObj(number -> new Thread(new Worker(root, slots, journal, new Random(seed + number))));
        threads.forEach(Thread::start);
        endWithParent();
    }

    /** The parent holds the other end of the standard input: it ends when the parent does, however it dies. */
    private static void endWithParent() throws IOException {
        while (System.in.read() >= 0) {
            // nothing is ever sent
        }
        Runtime.getRuntime().halt(1);
    }
}
