// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.util.function.Supplier;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.core.Ordered;
import org.springframework.util.function.SingletonSupplier;

/**
 * Puts a proxy around beans with {@link InCacheScope} methods, or one more interceptor in front of those that their
 * proxy has already. Needs no AspectJ.
 *
 * <p>What decides the order is when the processors run, since each puts its interceptor in front of the others:
 *
 * <pre>
 * the auto-proxy creator (@Transactional, @Cacheable, aspects)   HIGHEST_PRECEDENCE          innermost
 * this one                                                       LOWEST_PRECEDENCE - 100
 * {@code @Retryable}, {@code @ConcurrencyLimit}                              LOWEST_PRECEDENCE - 1
 * {@code @Async}                                                         LOWEST_PRECEDENCE           outermost
 * </pre>
 */
@SuppressWarnings("serial") // Spring declares its base class so; a processor of beans is never serialized
public final class InCacheScopeBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    /** @param scopes asked at the first call of a method, since this is made before other beans are */
    public InCacheScopeBeanPostProcessor(Supplier<CacheScopes> scopes) {
        ScopedMethods methods = new ScopedMethods();
        setOrder(Ordered.LOWEST_PRECEDENCE - 100);
        setBeforeExistingAdvisors(true);
        this.advisor =
                new DefaultPointcutAdvisor(methods, new InCacheScopeInterceptor(SingletonSupplier.of(scopes), methods));
    }
}
