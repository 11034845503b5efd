// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One step of a sequence. The numbers choose among what is there when the step is run, so a sequence stays meaningful
 * when steps are taken out of it.
 *
 * @param who chooses the manager
 * @param what chooses the cache or the handle
 * @param how varies the operation
 */
record Step(Operation operation, int who, int what, int how) {

    static List<Step> sequence(RandomGenerator random, int length) {
        return Stream.generate(() -> new Step(
                        Operation.random(random), random.nextInt(1_000), random.nextInt(1_000), random.nextInt(1_000)))
                .limit(length)
                .toList();
    }
}
