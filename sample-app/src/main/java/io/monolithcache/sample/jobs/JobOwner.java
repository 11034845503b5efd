// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheOwner;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A process that holds a job.
 *
 * @param host where it runs; null when all of them run on one machine
 * @param since when it was started
 */
public record JobOwner(@Nullable String host, long pid, Instant since) {

    static JobOwner of(CacheOwner owner) {
        return new JobOwner(owner.host(), owner.pid(), owner.since());
    }
}
