// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a store. Not safe for use by several threads. */
public final class StoreBuilder {

    private static final Duration LOAD_PATIENCE = Duration.ofMinutes(5);

    private final StorePlace place;
    private String name;
    private EntryIndex.@Nullable Format index;
    private StoreLimits limits = StoreLimits.NONE;
    private EvictionPolicy policy = EvictionPolicy.LRU;
    private Verification verification = Verification.FIRST_READ;
    private boolean isSynced;
    private long memory;
    private Duration loadPatience = LOAD_PATIENCE;
    private InstantSource clock = InstantSource.system();
    private final List<StoreListener> listeners = new ArrayList<>();

    StoreBuilder(StorePlace place) {
        Path root = place.root().toAbsolutePath().normalize();
        this.place = new StorePlace(root, place.ownFolder());
        this.name = String.valueOf(root.getFileName());
    }

    /** What people call it, in metrics, endpoints and messages; by default the name of its folder. */
    public StoreBuilder name(String chosen) {
        this.name = chosen;
        return this;
    }

    /** How its entries are listed: one of the constants of package {@code store.index}. */
    public StoreBuilder index(EntryIndex.Format format) {
        this.index = format;
        return this;
    }

    /** What it may take; by default all that fits on the disk. */
    public StoreBuilder limits(StoreLimits most) {
        this.limits = most;
        return this;
    }

    /** What goes first when there is no room; by default {@link EvictionPolicy#LRU}. */
    public StoreBuilder eviction(EvictionPolicy chosen) {
        this.policy = chosen;
        return this;
    }

    /** When content is compared with its checksum; by default {@link Verification#FIRST_READ}. */
    public StoreBuilder verification(Verification chosen) {
        this.verification = chosen;
        return this;
    }

    /** Whether an entry survives also the loss of power once it is stored; takes much longer. By default it may not. */
    public StoreBuilder sync(boolean isToSync) {
        this.isSynced = isToSync;
        return this;
    }

    /** How many bytes of values are kept in memory, in front of the disk; needs Caffeine. By default 0, none. */
    public StoreBuilder memory(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("A store cannot keep " + bytes + " bytes in memory");
        }
        this.memory = bytes;
        return this;
    }

    /** How long a caller waits for another one who loads the same; by default 5 minutes. */
    public StoreBuilder loadPatience(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("Nobody waits for " + longest);
        }
        this.loadPatience = longest;
        return this;
    }

    /** For tests. */
    public StoreBuilder clock(InstantSource other) {
        this.clock = other;
        return this;
    }

    /** Hears what happens. */
    public StoreBuilder listener(StoreListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Opens the store, whose folder is created if it is missing.
     *
     * @throws StoreRootException if what is there cannot be used
     * @throws StoreException if it cannot be opened; the message says why
     */
    public Store open() {
        return open(settings());
    }

    /**
     * A store that is opened when it is first used. Now it is only looked at what is there; nothing is written, and no
     * thread is started.
     *
     * @throws StoreRootException if what is there cannot be used
     */
    public Store openOnFirstUse() {
        StoreSettings settings = settings();
        LazyStore store = new LazyStore(place, settings, () -> open(settings));
        store.look();
        return store;
    }

    private Store open(StoreSettings settings) {
        try {
            return new DefaultStore(place, settings);
        } catch (IOException failure) {
            throw new StoreException("Could not open the store " + place.root() + ": " + failure.getMessage(), failure);
        }
    }

    private StoreSettings settings() {
        EntryIndex.Format format = index;
        if (format == null) {
            throw new IllegalStateException("The store " + place.root() + " needs an index");
        }
        return new StoreSettings(
                name,
                format,
                limits,
                policy,
                verification,
                isSynced,
                memory,
                loadPatience,
                clock,
                List.copyOf(listeners));
    }
}
