// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import io.monolithcache.directory.redis.RedisRegistryListener;
import java.time.Duration;
import java.util.List;

/** All listeners there are, as one. */
record RedisRegistryListeners(List<RedisRegistryListener> all) implements RedisRegistryListener {

    @Override
    public void ran(String command, Duration time, boolean answered) {
        all.forEach(listener -> listener.ran(command, time, answered));
    }

    @Override
    public void renewed() {
        all.forEach(RedisRegistryListener::renewed);
    }

    @Override
    public void recovered(int registered, int lost) {
        all.forEach(listener -> listener.recovered(registered, lost));
    }
}
