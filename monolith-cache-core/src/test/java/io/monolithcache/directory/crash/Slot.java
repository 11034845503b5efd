// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import java.net.URI;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** A place for one manager of a child, which is now and then closed and replaced while others use it. */
final class Slot {

    /** @param name of the manager within its child */
    record Named(String name, CacheManager manager) {}

    private final int number;
    private final Path root;
    private final Setup setup;
    private final Journal journal;
    private int opened;
    private volatile Named current;

    Slot(int number, Path root, Setup setup, Journal journal, RandomGenerator random) {
        this.number = number;
        this.root = root;
        this.setup = setup;
        this.journal = journal;
        this.current = open(random);
    }

    Named current() {
        return current;
    }

    private Named open(RandomGenerator random) {
        String name = "m" + number + "." + opened++;
        CacheListener listener = new CacheListener() {
            @Override
            public void wiped(CacheId id, URI location) {
                journal.note(Event.Phase.WIPED, name, id.value(), "");
            }

            @Override
            public void lost(CacheId id, URI location) {
                journal.note(Event.Phase.LOST, name, id.value(), "");
            }
        };
        return new Named(name, setup.manager(root, name, journal, listener, random));
    }

    synchronized void replace(RandomGenerator random) {
        Named old = current;
        current = open(random);
        journal.run("close", old.name(), "-", "", () -> {
            old.manager().close();
            return "- ";
        });
    }
}
