// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.s3;

import java.time.Duration;

/** Internal: hears of each call of the client that the caches make, in the thread that made it; must be quick. */
@FunctionalInterface
public interface S3RequestListener {

    /**
     * A call has ended.
     *
     * @param operation as the client has it, for instance {@code putObject}
     * @param time with all that was sent again
     * @param answered false if there was no answer, or one that says that it failed
     */
    void ended(String operation, Duration time, boolean answered);
}
