// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from whoever tells it: it would be taken for a failure of a step that was done. */
record GuardedListener(RedisRegistryListener listener) implements RedisRegistryListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    @Override
    public void ran(String command, Duration time, boolean answered) {
        attempt(() -> listener.ran(command, time, answered));
    }

    @Override
    public void renewed() {
        attempt(listener::renewed);
    }

    @Override
    public void recovered(int registered, int lost) {
        attempt(() -> listener.recovered(registered, lost));
    }

    private void attempt(Runnable event) {
        try {
            event.run();
        } catch (Throwable failure) {
            log.warn("{} failed", listener, failure);
        }
    }
}
