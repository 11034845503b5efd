// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners of a manager; what one of them throws is logged and goes no further. */
record Listeners(List<CacheListener> listeners) {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    void tell(Consumer<CacheListener> event) {
        for (CacheListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException failure) {
                log.warn("{} failed", listener, failure);
            }
        }
    }
}
