// SPDX-License-Identifier: Apache-2.0
package org.springframework.integration.samples.desk;

import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;

/** A bean of an application in a package below Spring's own, as its projects have them in their samples. */
public class SampleOfSprings {

    private final CacheScopes scopes;

    public SampleOfSprings(CacheScopes scopes) {
        this.scopes = scopes;
    }

    @InCacheScope
    public boolean isOpen() {
        return scopes.isOpen();
    }
}
