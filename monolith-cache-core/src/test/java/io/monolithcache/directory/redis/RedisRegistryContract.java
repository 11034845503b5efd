// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.ReferenceRegistryContract;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Path;
import java.time.Duration;
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
    protected DirectoryBackend open() {
        return owners.open();
    }

    @Override
    protected ReferenceRegistry openMortal() {
        return owners.openMortal();
    }

    @Override
    protected void kill(ReferenceRegistry mortal) {
        owners.kill(mortal);
    }

    @Override
    protected void beginWipe(CacheId id) {
        owners.beginWipe(id);
    }

    @Override
    protected void disconnect() {
        owners.disconnect();
    }

    @Override
    protected void reconnect() {
        owners.reconnect();
    }

    @Override
    protected void letPass(Duration time) {
        owners.letPass(time);
    }

    @Override
    protected Duration aWhile() {
        return Duration.ofMillis(300);
    }
}
