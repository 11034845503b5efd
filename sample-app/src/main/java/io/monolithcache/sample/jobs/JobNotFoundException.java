// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;

/** There is no such job, or not any more. */
public class JobNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public JobNotFoundException(CacheId id) {
        super("There is no job " + id + ". It was deleted, or its time was up and nobody had kept it.");
    }

    /** Says what the cache manager knows, too: with a Redis that has just lost its data, the job may come back. */
    JobNotFoundException(CacheId id, CacheNotFoundException cause) {
        super(new JobNotFoundException(id).getMessage() + " " + cause.getMessage() + ".", cause);
    }
}
