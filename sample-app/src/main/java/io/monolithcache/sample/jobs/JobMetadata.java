// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDirectory;
import java.util.Map;

/**
 * What a job's cache directory says of itself, put when everything else is there: a directory without it is no job, or
 * not yet one.
 *
 * @param name what the upload was called by whoever sent it
 */
record JobMetadata(String name, long rows) {

    private static final String KEY = "job";
    private static final String NAME = "name";
    private static final String ROWS = "rows";

    static boolean isIn(Map<String, Object> metadata) {
        return metadata.containsKey(KEY);
    }

    /** @throws JobNotFoundException if somebody destroyed the metadata */
    static JobMetadata of(CacheDirectory directory) {
        if (directory.metadata().get(KEY) instanceof Map<?, ?> job
                && job.get(NAME) instanceof String name
                && job.get(ROWS) instanceof Number rows) {
            return new JobMetadata(name, rows.longValue());
        }
        throw new JobNotFoundException(directory.id());
    }

    void putInto(CacheDirectory directory) {
        directory.putMetadata(KEY, Map.of(NAME, name, ROWS, rows));
    }
}
