// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.DirectoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The real storage, in which something happens once, before or after a method. */
final class DiskHooks implements UnaryOperator<DirectoryStorage> {

    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    private final Map<String, Step> before = new ConcurrentHashMap<>();
    private final Map<String, Step> after = new ConcurrentHashMap<>();

    void onceBefore(String method, Step step) {
        before.put(method, step);
    }

    void onceAfter(String method, Step step) {
        after.put(method, step);
    }

    @Override
    public DirectoryStorage apply(DirectoryStorage real) {
        return (DirectoryStorage) Proxy.newProxyInstance(
                DirectoryStorage.class.getClassLoader(),
                new Class<?>[] {DirectoryStorage.class},
                (proxy, method, arguments) -> {
                    run(before.remove(method.getName()));
                    try {
                        Object result = method.invoke(real, arguments);
                        run(after.remove(method.getName()));
                        return result;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private static void run(Step step) throws Exception {
        if (step != null) {
            step.run();
        }
    }
}
