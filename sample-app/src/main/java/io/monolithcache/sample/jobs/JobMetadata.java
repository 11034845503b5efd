// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import java.util.Map;
import java.util.Optional;

/**
 * What a job's cache directory says of itself, put when everything else is there and removed when the job is deleted: a
 * directory without it is no job, not yet or not any more. Every process that has the directory's root sees that.
 *
 * @param name what the upload was called by whoever sent it
 */
record JobMetadata(String name, long rows) {

    private static final String KEY = "job";
    private static final String NAME = "name";
    private static final String ROWS = "rows";

    /** Empty if this is no job's directory: also one in another root, of which nothing is known but its place. */
    static Optional<JobMetadata> in(CacheDescription cache) {
        return cache.metadata().get(KEY) instanceof Map<?, ?> job
                        && job.get(NAME) instanceof String name
                        && job.get(ROWS) instanceof Number rows
                ? Optional.of(new JobMetadata(name, rows.longValue()))
                : Optional.empty();
    }

    static boolean isIn(CacheDirectory directory) {
        return directory.metadata().containsKey(KEY);
    }

    void putInto(CacheDirectory directory) {
        directory.putMetadata(KEY, Map.of(NAME, name, ROWS, rows));
    }

    static void removeFrom(CacheDirectory directory) {
        directory.removeMetadata(KEY);
    }
}
