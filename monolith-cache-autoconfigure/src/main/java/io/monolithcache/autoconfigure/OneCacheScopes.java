// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.scope.CacheScopes;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The scopes that annotations, the injected directory and requests mean, which name none. Asked for when they are
 * needed: an application with several, none of which is primary, starts, and is told then.
 */
public final class OneCacheScopes implements Supplier<CacheScopes> {

    private final ObjectProvider<CacheScopes> scopes;

    /** @param beans asked directly: a provider that is injected would decide by the name of its parameter */
    public OneCacheScopes(BeanFactory beans) {
        scopes = beans.getBeanProvider(CacheScopes.class);
    }

    /** @throws IllegalStateException if there are several, none of which is primary */
    @Override
    public CacheScopes get() {
        try {
            return scopes.getObject();
        } catch (NoUniqueBeanDefinitionException several) {
            throw new IllegalStateException(
                    "@InCacheScope, @CacheScope, the injected CacheDirectory and requests mean the one CacheScopes"
                            + " bean, and there are several: "
                            + several.getBeanNamesFound()
                            + ". Mark one of them @Primary, and use the others by their methods run(..), call(..) and"
                            + " open()",
                    several);
        }
    }
}
