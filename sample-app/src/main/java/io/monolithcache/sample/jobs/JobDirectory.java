// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDescription;
import java.net.URI;
import java.util.List;

/**
 * Where a job lies, and who holds it.
 *
 * @param storage what it lies in, by name: {@code local} or {@code s3}
 * @param locked whether it is kept
 */
public record JobDirectory(String id, String storage, URI location, boolean locked, List<JobOwner> owners) {

    static JobDirectory of(CacheDescription cache) {
        return new JobDirectory(
                cache.id().value(),
                cache.storage(),
                cache.location(),
                cache.locked(),
                cache.owners().stream().map(JobOwner::of).toList());
    }
}
