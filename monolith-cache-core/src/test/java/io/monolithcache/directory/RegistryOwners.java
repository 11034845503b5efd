// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Duration;
import java.time.Instant;

/** The owners of one backing store, for {@link ReferenceRegistryRules}: how they come, and what is done to them. */
public interface RegistryOwners {

    /** One more owner over the backing store, not started yet. */
    DirectoryBackend open();

    /** One more owner over the same, started, which {@link #kill} can kill: perhaps another process. */
    ReferenceRegistry openMortal();

    /** Ends an owner as {@code kill -9} would, and returns when others can know that it is dead. */
    void kill(ReferenceRegistry mortal);

    /** Leaves a cache as a party does that dies after it decided to wipe, and before the directory has vanished. */
    void beginWipe(CacheId id);

    /** From here on the registry cannot be reached by anybody; it loses nothing. */
    void disconnect();

    /** It can be reached again, as it was. */
    void reconnect();

    /** The time by which locks end. */
    default Instant now() {
        return Instant.now();
    }

    /** Returns when that much time has passed, by the clock that locks end by. */
    void letPass(Duration time);

    /** How long a lock is that a test lets end. */
    default Duration aWhile() {
        return Duration.ofMillis(300);
    }
}
