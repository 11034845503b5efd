// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds {@link InCacheScope} on a method, on its class, or on what they override or implement; the method wins.
 *
 * <p>Every bean of an application is asked for it at the start. So classes are looked at before methods are, those of
 * Java and Spring not at all, and only what is called is remembered.
 */
final class ScopedMethods extends StaticMethodMatcherPointcut {

    private final Map<MethodClassKey, Optional<ScopedMethod>> known = new ConcurrentHashMap<>();
    private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

    ScopedMethods() {
        setClassFilter(ScopedMethods::isCandidate);
    }

    /** Whether the annotation is anywhere on a class, its methods, and what these inherit. */
    private static boolean isCandidate(@Nullable Class<?> type) {
        return type != null
                && !isPlatform(type.getName())
                && (isAnnotated(type)
                        || Arrays.stream(ReflectionUtils.getDeclaredMethods(type))
                                .anyMatch(ScopedMethods::isAnnotated)
                        || isCandidate(type.getSuperclass())
                        || Arrays.stream(type.getInterfaces()).anyMatch(ScopedMethods::isCandidate));
    }

    /** Knows nothing of this annotation, and inherits from nobody who does. Samples of Spring's are applications. */
    private static boolean isPlatform(String type) {
        return type.startsWith("java.") || (type.startsWith("org.springframework.") && !type.contains(".samples."));
    }

    private static boolean isAnnotated(AnnotatedElement element) {
        return MergedAnnotations.from(element).isPresent(InCacheScope.class);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return read(method, targetClass) != null;
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

    /**
     * Reads all methods of a class, so that what is refused is so before the first call, whatever else is found first.
     *
     * @throws IllegalStateException if one cannot run in a scope
     */
    void check(Class<?> targetClass) {
        if (!checked.contains(targetClass)) {
            for (Method method : declaredBy(targetClass)) {
                find(method, targetClass);
            }
            checked.add(targetClass);
        }
    }

    static Method[] declaredBy(Class<?> type) {
        return ReflectionUtils.getUniqueDeclaredMethods(ClassUtils.getUserClass(type));
    }

    private static @Nullable ScopedMethod read(Method method, Class<?> targetClass) {
        // toString() of a bean works in no directory
        if (ReflectionUtils.isObjectMethod(method)) {
            return null;
        }
        Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
        if (!isProxied(specific, targetClass)) {
            return null;
        }
        InCacheScope annotation = Stream.concat(Stream.of(specific, method), implemented(specific, targetClass))
                .map(candidate -> AnnotatedElementUtils.findMergedAnnotation(candidate, InCacheScope.class))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> AnnotatedElementUtils.findMergedAnnotation(targetClass, InCacheScope.class));
        return annotation == null ? null : ScopedMethod.of(specific, targetClass, annotation);
    }

    /** Not what no proxy is asked for. A final method is overridden by none, but proxies of interfaces are asked. */
    private static boolean isProxied(Method method, Class<?> targetClass) {
        int modifiers = method.getModifiers();
        return !Modifier.isPrivate(modifiers)
                && !Modifier.isStatic(modifiers)
                && (!method.isSynthetic() || method.isBridge())
                && (!Modifier.isFinal(modifiers)
                        || implemented(method, targetClass).findAny().isPresent());
    }

    /**
     * The methods of interfaces that a method implements in this class. Its own class need not know them: it may be a
     * superclass of the one that does.
     */
    private static Stream<Method> implemented(Method specific, Class<?> targetClass) {
        return Arrays.stream(ClassUtils.getAllInterfacesForClass(targetClass))
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getName().equals(specific.getName())
                        && method.getParameterCount() == specific.getParameterCount()
                        && !Modifier.isStatic(method.getModifiers())
                        && AopUtils.getMostSpecificMethod(method, targetClass).equals(specific));
    }
}
