// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** Lets so many work at once as there is memory for; the others wait in turn. */
@Component
class ProfileSlots {

    private final Semaphore slots;

    ProfileSlots(ProfileProperties properties) {
        this.slots = new Semaphore(properties.atOnce(), true);
    }

    /** A turn, until it is closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    Slot take() {
        slots.acquireUninterruptibly();
        return slots::release;
    }
}
