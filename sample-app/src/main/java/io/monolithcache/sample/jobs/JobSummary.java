// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDescription;
import java.time.Instant;
import java.util.Optional;

/** A job as a line of a list. */
public record JobSummary(String id, String name, Instant createdAt, long rows, JobDirectory directory) {

    /** Empty if this is no job's directory. */
    static Optional<JobSummary> of(CacheDescription cache) {
        return JobMetadata.in(cache)
                .map(job -> new JobSummary(
                        cache.id().value(), job.name(), cache.id().time(), job.rows(), JobDirectory.of(cache)));
    }
}
