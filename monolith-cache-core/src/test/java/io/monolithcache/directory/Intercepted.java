// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.Callable;

/** The real thing, but for some methods that answer otherwise: failures that no disk can be brought to. */
public final class Intercepted {

    /** Instead of a method; may call it. */
    @FunctionalInterface
    public interface Answer {
        Object instead(Callable<Object> method) throws Exception;
    }

    private Intercepted() {}

    public static <T> T intercept(Class<T> type, T real, Map<String, Answer> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Callable<Object> call = () -> {
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException failure) {
                            if (failure.getCause() instanceof Exception cause) {
                                throw cause;
                            }
                            throw failure;
                        }
                    };
                    Answer answer = answers.get(method.getName());
                    return answer == null ? call.call() : answer.instead(call);
                }));
    }
}
