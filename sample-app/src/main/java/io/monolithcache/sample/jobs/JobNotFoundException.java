// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheId;

/** There is no such job, or not any more. */
public class JobNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public JobNotFoundException(CacheId id) {
        super("There is no job " + id + ". It was deleted, or its time was up and nobody had kept it.");
    }
}
