// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;

/** A manager whose directories cannot be closed, as a real one's can on a disk that fails. */
final class BrokenManager {

    private final CacheId id = CacheId.random(Instant.EPOCH);

    CacheManager manager() {
        return proxy(CacheManager.class, (self, method, arguments) -> directory());
    }

    private CacheDirectory directory() {
        return proxy(CacheDirectory.class, (self, method, arguments) -> {
            if (method.getName().equals("close")) {
                throw new IllegalArgumentException("cannot be closed");
            }
            return id;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
