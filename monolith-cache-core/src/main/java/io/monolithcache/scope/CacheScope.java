// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;

/**
 * One instance of the bean per open cache scope, as {@code @RequestScope} is one per request. What is injected is a
 * proxy, which finds the instance of the innermost scope at each call. The instance's destruction callbacks run when
 * the scope ends, before its directory is wiped.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Scope(CacheBeanScope.NAME)
public @interface CacheScope {

    /** How the bean is proxied. Default: by a subclass. */
    @AliasFor(annotation = Scope.class)
    ScopedProxyMode proxyMode() default ScopedProxyMode.TARGET_CLASS;
}
