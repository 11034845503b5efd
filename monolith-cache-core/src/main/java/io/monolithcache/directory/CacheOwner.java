// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One manager in one process, as others see it.
 *
 * @param name its unique name
 * @param host where it runs; null when the registry knows one machine only
 * @param pid its process id, on its host and in its container
 * @param since when its process was started
 */
public record CacheOwner(String name, @Nullable String host, long pid, Instant since) {

    @Override
    public String toString() {
        return (host == null ? "" : host + ", ") + "process " + pid + " (started " + since + ")";
    }
}
