// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.scope.ScopedProxyFactoryBean;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
 *
 * <p>A {@link CacheScope} bean with methods that join a scope or open one is refused: its proxy has to find a scope
 * before any interceptor of the bean could open one, so they would never. Those that open one of their own do that, and
 * those whose result comes later, or which run on another thread, hold the one that they join until they are done.
 */
@SuppressWarnings("serial") // Spring declares its base class so; a processor of beans is never serialized
public final class InCacheScopeBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    private final ScopedMethods methods = new ScopedMethods();
    private @Nullable ConfigurableListableBeanFactory beans;

    /** @param scopes asked at the first call of a method, since this is made before other beans are */
    public InCacheScopeBeanPostProcessor(Supplier<CacheScopes> scopes) {
        setOrder(Ordered.LOWEST_PRECEDENCE - 100);
        setBeforeExistingAdvisors(true);
        this.advisor =
                new DefaultPointcutAdvisor(methods, new InCacheScopeInterceptor(SingletonSupplier.of(scopes), methods));
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        super.setBeanFactory(beanFactory);
        beans = beanFactory instanceof ConfigurableListableBeanFactory factory ? factory : null;
    }

    /** @throws IllegalStateException if the bean lives in a cache scope and is to open that */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        ConfigurableListableBeanFactory factory = beans;
        if (factory != null) {
            if (bean instanceof ScopedProxyFactoryBean) {
                // at the start, and not in the first scope
                String target = ScopedProxyUtils.getTargetBeanName(beanName);
                if (livesInAScope(factory, target)) {
                    refuseToOpenOne(beanName, factory.getType(target, false));
                }
            } else if (livesInAScope(factory, beanName)) {
                refuseToOpenOne(beanName, AopUtils.getTargetClass(bean));
            }
        }
        return super.postProcessAfterInitialization(bean, beanName);
    }

    /** @throws IllegalStateException if one of the methods that are to run in a scope cannot */
    @Override
    protected boolean isEligible(Class<?> targetClass) {
        boolean eligible = super.isEligible(targetClass);
        if (eligible) {
            methods.check(targetClass);
        }
        return eligible;
    }

    /** An application may have a scope of its own under that name. */
    private static boolean livesInAScope(ConfigurableListableBeanFactory factory, String bean) {
        return factory.getRegisteredScope(CacheBeanScope.NAME) instanceof CacheBeanScope
                && factory.containsBeanDefinition(bean)
                && CacheBeanScope.NAME.equals(
                        factory.getMergedBeanDefinition(bean).getScope());
    }

    private void refuseToOpenOne(String bean, @Nullable Class<?> type) {
        if (type == null || !methods.getClassFilter().matches(type)) {
            return;
        }
        for (Method method : ScopedMethods.declaredBy(type)) {
            ScopedMethod scoped = methods.find(method, type);
            if (scoped != null && scoped.propagation() == ScopePropagation.REQUIRED && scoped.endsWithReturn()) {
                throw new IllegalStateException("@InCacheScope would open nothing on " + method + ": bean '" + bean
                        + "' is a @CacheScope bean, which can only be called where a scope is open already, and"
                        + " works in that one. Put the annotation on the method of another bean that calls it, or"
                        + " call it within CacheScopes.run(..). For a nested scope of its own the method needs"
                        + " REQUIRES_NEW");
            }
        }
    }
}
