// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Duration;

/** Hears what a registry does with Redis, for metrics. Told in the thread that did it; it does not throw, nor wait. */
public interface RedisRegistryListener {

    /** A command was answered, or was not. */
    default void ran(String command, Duration time, boolean answered) {}

    /** The lease of this process was taken or renewed. */
    default void renewed() {}

    /** This process told again what it holds, because Redis, the connection or its own lease was gone meanwhile. */
    default void recovered(int registered, int lost) {}
}
