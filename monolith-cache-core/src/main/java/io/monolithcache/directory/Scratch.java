// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A local folder for what a storage elsewhere has on this disk, made when it is first asked for: a cache directory, so
 * that a process which is killed leaves nothing. It is held as long as its manager.
 */
final class Scratch implements Supplier<Path> {

    private final CacheManager local;
    private final CacheOptions options;
    private @Nullable CacheDirectory directory;

    /** @param storage which one needs it, as the metadata of the directory say */
    Scratch(CacheManager local, String storage) {
        this.local = local;
        this.options = CacheOptions.defaults().metadata("copiesOf", storage);
    }

    /** Another one, if somebody has evicted it. */
    @Override
    public synchronized Path get() {
        CacheDirectory known = directory;
        if (known == null || local.find(known.id()).isEmpty()) {
            known = local.create(options);
            directory = known;
        }
        return known.path();
    }
}
