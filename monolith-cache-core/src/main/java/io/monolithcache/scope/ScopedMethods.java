// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/** Finds {@link InCacheScope} on a method, on its class, or on what they override; the method wins. */
final class ScopedMethods extends StaticMethodMatcherPointcut {

    private final Map<MethodClassKey, Optional<ScopedMethod>> known = new ConcurrentHashMap<>();

    ScopedMethods() {
        setClassFilter(type -> AnnotationUtils.isCandidateClass(type, InCacheScope.class));
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return find(method, targetClass) != null;
    }

    @Nullable ScopedMethod find(Method method, Class<?> targetClass) {
        // without computeIfAbsent, which would keep others from looking meanwhile
        MethodClassKey key = new MethodClassKey(method, targetClass);
        Optional<ScopedMethod> found = known.get(key);
        if (found == null) {
            found = Optional.ofNullable(read(method, targetClass));
            known.put(key, found);
        }
        return found.orElse(null);
    }

    private static @Nullable ScopedMethod read(Method method, Class<?> targetClass) {
        // toString() of a bean works in no directory
        if (ReflectionUtils.isObjectMethod(method)) {
            return null;
        }
        Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
        InCacheScope annotation = AnnotatedElementUtils.findMergedAnnotation(specific, InCacheScope.class);
        if (annotation == null) {
            annotation = AnnotatedElementUtils.findMergedAnnotation(targetClass, InCacheScope.class);
        }
        return annotation == null ? null : ScopedMethod.of(specific, annotation);
    }
}
