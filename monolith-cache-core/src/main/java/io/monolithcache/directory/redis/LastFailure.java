// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheRegistryException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who waited while somebody tried in vain fail with him: a hundred threads that each try to reach a Redis
 * that is not there wait once for it, and not one after the other. Guarded by the lock of whoever has it.
 */
final class LastFailure {

    private @Nullable CacheBackendException failure;
    private long at;

    <T> T unlessSince(long asked, Supplier<T> attempt) {
        CacheBackendException last = failure;
        if (last != null && at - asked > 0) {
            throw last instanceof CacheRegistryException registry
                    ? new CacheRegistryException(registry.description(), registry.action(), last)
                    : new CacheBackendException(String.valueOf(last.getMessage()), last);
        }
        try {
            T result = attempt.get();
            failure = null;
            return result;
        } catch (CacheBackendException another) {
            failure = another;
            at = System.nanoTime();
            throw another;
        }
    }
}
