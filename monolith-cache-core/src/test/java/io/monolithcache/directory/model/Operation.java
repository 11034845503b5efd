// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What may happen in a sequence; the weight says how often it does. */
enum Operation {
    CREATE(8),
    ATTACH(12),
    CLOSE_HANDLE(10),
    LOCK_BY_HANDLE(4),
    LOCK_BY_MANAGER(4),
    TIMED_LOCK_BY_HANDLE(4),
    TIMED_LOCK_BY_MANAGER(4),
    UNLOCK_BY_HANDLE(3),
    UNLOCK_BY_MANAGER(5),
    EVICT(5),
    EVICT_FORCIBLY(2),
    SWEEP(6),
    CLOCK_FORWARD(5),
    CLOCK_BACK(2),
    PUT_METADATA(4),
    REMOVE_METADATA(2),
    WRITE_FILE(4),
    DELETE_FILE(2),
    READ_BY_HANDLE(3),
    CLOSE_MANAGER(2),
    /** A process that died left a reference, with or without the file of its owner. */
    DEAD_REFERENCE(4),
    /** A process died in the middle of a create: there is a reference and no directory. */
    HALF_CREATED(1),
    /** A process died in the middle of a wipe: there is a directory and nothing behind it. */
    HALF_WIPED(1);

    private static final List<Operation> WEIGHTED = weighted();

    private final int weight;

    Operation(int weight) {
        this.weight = weight;
    }

    private static List<Operation> weighted() {
        List<Operation> all = new ArrayList<>();
        for (Operation operation : values()) {
            for (int i = 0; i < operation.weight; i++) {
                all.add(operation);
            }
        }
        return all;
    }

    static Operation random(RandomGenerator random) {
        return WEIGHTED.get(random.nextInt(WEIGHTED.size()));
    }
}
