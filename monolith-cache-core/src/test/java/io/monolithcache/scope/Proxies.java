// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** Beans as a context would make them of objects with {@link InCacheScope} methods. */
final class Proxies {

    private Proxies() {}

    @SuppressWarnings("unchecked") // a proxy by class is a subclass of the bean's own class
    static <T> T of(CacheScopes scopes, T bean) {
        InCacheScopeBeanPostProcessor processor = new InCacheScopeBeanPostProcessor(() -> scopes);
        processor.setProxyTargetClass(true);
        processor.setBeanFactory(new DefaultListableBeanFactory());
        return (T) processor.postProcessAfterInitialization(bean, "bean");
    }

    /** A proxy of the bean's interfaces. */
    static Object ofInterfaces(CacheScopes scopes, Object bean) {
        return new InCacheScopeBeanPostProcessor(() -> scopes).postProcessAfterInitialization(bean, "bean");
    }
}
