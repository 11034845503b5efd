// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Clock;
import java.time.Duration;

/** The part of the settings that is the same for every storage; see {@link CacheManagerBuilder}. */
record ManagerSettings(
        Duration sweepInterval,
        WipeMode wipe,
        boolean trackLeaks,
        boolean releaseLeaked,
        Duration leakGrace,
        Clock clock) {}
