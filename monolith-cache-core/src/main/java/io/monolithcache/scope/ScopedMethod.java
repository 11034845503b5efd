// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/**
 * How one method runs in a scope.
 *
 * @param propagation what it does about an open scope
 * @param reactive how its result is subscribed to, if that is what it declares
 * @param endsWithReturn whether what it declares cannot come later, and the method runs on the thread of its caller
 */
record ScopedMethod(ScopePropagation propagation, @Nullable ReactiveAdapter reactive, boolean endsWithReturn) {

    /**
     * Checks what can be known of the result before the first call.
     *
     * @throws IllegalStateException if the scope could not end with it
     */
    static ScopedMethod of(Method method, Class<?> targetClass, InCacheScope annotation) {
        ReactiveAdapter reactive = reactive(method, targetClass);
        boolean endsWithReturn =
                reactive == null && !mayComeLater(method.getReturnType()) && !isAsync(method, targetClass);
        return new ScopedMethod(annotation.propagation(), reactive, endsWithReturn);
    }

    /** What is declared as an object, or as a type of the caller's choice, may be anything. */
    private static boolean mayComeLater(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type)
                || type == Object.class;
    }

    private static @Nullable ReactiveAdapter reactive(Method method, Class<?> targetClass) {
        Class<?> type = method.getReturnType();
        if (CompletionStage.class.isAssignableFrom(type)) {
            return null;
        }
        if (Future.class.isAssignableFrom(type) && !isAsync(method, targetClass)) {
            throw refused(method, "tells nobody when it is done. Return a CompletableFuture");
        }
        ReactiveAdapter adapter = ReactiveResults.adapter(type);
        if (adapter == null ? type == Flow.Publisher.class : !ReactiveResults.PRESENT) {
            throw refused(method, "needs io.projectreactor:reactor-core on the class path");
        }
        if (adapter != null && !type.isAssignableFrom(adapter.getReactiveType())) {
            throw refused(
                    method,
                    "cannot be made from a " + adapter.getReactiveType().getSimpleName() + ". Return that instead");
        }
        return adapter;
    }

    /** It runs on the thread that the scope is opened on, and its future has been unwrapped before anybody gets it. */
    private static boolean isAsync(Method method, Class<?> targetClass) {
        return AnnotatedElementUtils.hasAnnotation(method, Async.class)
                || AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class)
                || AnnotatedElementUtils.hasAnnotation(targetClass, Async.class);
    }

    private static IllegalStateException refused(Method method, String why) {
        return new IllegalStateException(
                "@InCacheScope cannot be on " + method + ": its scope is to end with the result," + " and a "
                        + method.getReturnType().getSimpleName() + " " + why);
    }
}
