// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.ReferenceRegistryContract;
import io.monolithcache.directory.RegistryOwners;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract over a Redis of some kind. */
@Timeout(120)
abstract class RedisRegistryContract extends ReferenceRegistryContract {

    private final RedisKind redis;
    private final int rounds;
    private RedisOwners owners;

    /** @param rounds how often a race is tried */
    RedisRegistryContract(RedisKind redis, int rounds) {
        this.redis = redis;
        this.rounds = rounds;
    }

    @BeforeEach
    void openOwners(@TempDir Path place) {
        owners = new RedisOwners(redis, place, storage());
    }

    /** Where the directories of a test are; for all of its owners the same. */
    DirectoryBackend.Provider storage() {
        return new LocalBackendProvider();
    }

    @AfterEach
    void closeOwners() {
        owners.close();
    }

    @Override
    protected int rounds() {
        return rounds;
    }

    @Override
    protected RegistryOwners owners() {
        return owners;
    }
}
