// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.InCacheScope;
import io.monolithcache.scope.ScopePropagation;
import java.nio.file.Path;

/** A bean whose methods run in scopes. */
class Reports implements Maker {

    private final CacheDirectory directory;

    Reports(CacheDirectory directory) {
        this.directory = directory;
    }

    @Override
    @InCacheScope
    public Path make() {
        return directory.path();
    }

    @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
    public Path makeApart() {
        return directory.path();
    }
}
