// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.ReferenceRegistryRules;
import io.monolithcache.directory.RegistryOwners;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The six rules alone, over a Redis that differs from another one only in how it is come by. */
@Timeout(120)
abstract class RedisRegistryRules extends ReferenceRegistryRules {

    private final RedisKind redis;
    private final int rounds;
    private RedisOwners owners;

    /** @param rounds how often a race is tried */
    RedisRegistryRules(RedisKind redis, int rounds) {
        this.redis = redis;
        this.rounds = rounds;
    }

    @BeforeEach
    void openOwners(@TempDir Path place) {
        owners = new RedisOwners(redis, place);
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
