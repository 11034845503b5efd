// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Owners over one bucket in memory, whose time passes when a test says so. */
abstract class OneBucket {

    static final Duration LEASE = Duration.ofSeconds(60);
    static final Duration HORIZON = Duration.ofHours(1);

    /** More than a lease, as the clock of the store has to show it. */
    static final Duration LAPSE = LEASE.plusSeconds(1);

    /** More than what a reading is good for. */
    static final Duration TOO_SLOW = HORIZON.dividedBy(4).plusSeconds(1);

    static final Duration LONG = HORIZON.plusSeconds(1);

    final TestTime time = new TestTime();
    final MemoryBucket bucket = new MemoryBucket(time, 7);
    final S3RegistrySettings settings = new S3RegistrySettings(LEASE, HORIZON, Duration.ZERO);
    private final List<TestOwner> owners = new ArrayList<>();

    final TestOwner owner() {
        TestOwner owner = new TestOwner(bucket, time, settings);
        owners.add(owner);
        return owner.alive();
    }

    @AfterEach
    final void closeOwners() {
        owners.forEach(owner -> owner.way.cut(false));
        owners.forEach(TestOwner::close);
    }
}
