// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One thread of a child: random operations, until the process is killed. It looks after what it holds all the time. */
final class Worker implements Runnable {

    private static final Duration LONG = Duration.ofMinutes(30);
    private static final int MOST_HANDLES = 6;
    private static final int MANY_CACHES = 24;
    private static final AtomicInteger HANDLES = new AtomicInteger();

    /** An open handle, and the file that it has put into its cache. */
    private record Held(Slot.Named manager, CacheDirectory cache, String handle, String file) {

        String id() {
            return cache.id().value();
        }
    }

    private final Sight sight;
    private final List<Slot> slots;
    private final Journal journal;
    private final RandomGenerator random;
    private final Setup setup;
    private final AtomicBoolean calm;
    private final List<Held> held = new ArrayList<>();

    Worker(Sight sight, List<Slot> slots, Journal journal, Setup setup, AtomicBoolean calm, RandomGenerator random) {
        this.setup = setup;
        this.calm = calm;
        this.sight = sight;
        this.slots = slots;
        this.journal = journal;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            while (!calm.get()) {
                step();
                look();
                LockSupport.parkNanos(setup.rest(random).toNanos());
            }
            while (!held.isEmpty()) {
                release();
            }
        } catch (Throwable unexpected) {
            journal.note(Event.Phase.ERROR, "-", "-", Journal.describe(unexpected));
            throw unexpected;
        }
    }

    private void step() {
        Slot slot = slots.get(random.nextInt(slots.size()));
        Slot.Named named = slot.current();
        int dice = random.nextInt(100);
        if (dice < 14) {
            create(named);
        } else if (dice < 36) {
            attach(named);
        } else if (dice < 58) {
            release();
        } else if (dice < 72) {
            throughHandle(dice);
        } else if (dice < 91) {
            byId(named, dice);
        } else if (dice < 97) {
            sweep(named);
        } else if (dice < 98) {
            slot.replace(random);
        }
    }

    private void create(Slot.Named named) {
        if (held.size() >= MOST_HANDLES || sight.ids().size() > MANY_CACHES) {
            release();
            return;
        }
        String lock = random.nextInt(10) == 0 ? "locked" : "unlocked";
        CacheOptions options = CacheOptions.defaults().metadata("seal", "whole");
        CacheOptions wanted = lock.equals("locked") ? options.locked() : options;
        journal.run("create", named.name(), "-", "- " + lock, () -> {
            CacheDirectory cache = named.manager().create(wanted);
            return cache.id() + " " + hold(named, cache) + " " + lock;
        });
    }

    private void attach(Slot.Named named) {
        CacheId id = anyId();
        if (id == null || held.size() >= MOST_HANDLES) {
            release();
            return;
        }
        journal.run(
                "attach",
                named.name(),
                id.value(),
                "-",
                () -> id + " " + hold(named, named.manager().attach(id)));
    }

    private String hold(Slot.Named named, CacheDirectory cache) {
        String handle = "h" + HANDLES.incrementAndGet();
        held.add(new Held(named, cache, handle, ""));
        return handle;
    }

    private void release() {
        if (!held.isEmpty()) {
            release(held.get(random.nextInt(held.size())));
        }
    }

    private void release(Held gone) {
        held.remove(gone);
        journal.run("release", gone.manager().name(), gone.id(), gone.handle(), () -> {
            gone.cache().close();
            return gone.id() + " " + gone.handle();
        });
    }

    private void throughHandle(int dice) {
        if (held.isEmpty()) {
            return;
        }
        int number = random.nextInt(held.size());
        Held one = held.get(number);
        CacheDirectory cache = one.cache();
        switch (dice % 8) {
            case 0 -> on(one, "lock", "ever", () -> cache.lock());
            case 1 -> on(one, "lock", "long", () -> cache.lock(LONG));
            case 2 -> on(one, "lock", "short", () -> cache.lock(Duration.ofMillis(random.nextInt(1, 60))));
            case 3, 4 -> on(one, "unlock", "", () -> cache.unlock());
            case 5 -> on(one, "put", "", () -> cache.putMetadata("by", one.handle()));
            case 6 -> on(one, "read", "", () -> read(one));
            default -> {
                String file = "deeper/" + one.handle();
                if (on(one, "write", "", () -> write(cache, file))) {
                    held.set(number, new Held(one.manager(), cache, one.handle(), file));
                }
            }
        }
    }

    private static void write(CacheDirectory cache, String file) throws IOException {
        try (OutputStream out = cache.resource(file).getOutputStream()) {
            out.write(1);
        }
    }

    private static void read(Held one) throws IOException {
        if (!one.file().isEmpty()) {
            try (InputStream in = one.cache().resource(one.file()).getInputStream()) {
                if (in.readAllBytes().length != 1) {
                    throw new IOException(one.file() + " is not what was written");
                }
            }
        }
    }

    private interface Change {
        void run() throws Exception;
    }

    private boolean on(Held one, String operation, String detail, Change change) {
        return journal.run(operation, one.manager().name(), one.id(), detail, () -> {
            change.run();
            return one.id() + " " + detail;
        });
    }

    private void byId(Slot.Named named, int dice) {
        CacheId id = anyId();
        if (id == null) {
            return;
        }
        CacheManager manager = named.manager();
        switch (dice) {
            case 72, 73 -> on(named, id, "lock", "ever", () -> manager.lock(id));
            case 74 -> on(named, id, "lock", "long", () -> manager.lock(id, LONG));
            case 75 -> on(named, id, "lock", "short", () -> manager.lock(id, Duration.ofMillis(20)));
            case 76, 77, 78, 79, 80, 81 -> on(named, id, "unlock", "", () -> manager.unlock(id));
            case 82 -> on(named, id, "force", "", () -> manager.evictForcibly(id));
            case 83, 84 -> on(named, id, "find", "", () -> manager.find(id));
            default -> on(named, id, "evict", "", () -> manager.evict(id));
        }
    }

    private void on(Slot.Named named, CacheId id, String operation, String detail, Change change) {
        journal.run(operation, named.name(), id.value(), detail, () -> {
            change.run();
            return id + " " + detail;
        });
    }

    private void sweep(Slot.Named named) {
        journal.run("sweep", named.name(), "-", "", () -> {
            named.manager().sweep();
            return "- ";
        });
    }

    private void look() {
        List<Held> all = List.copyOf(held);
        if (sight.isCheap()) {
            all.forEach(this::look);
        } else if (!all.isEmpty()) {
            look(all.get(random.nextInt(all.size())));
        }
    }

    /** What is held must be there, whole, and with what was put into it, or its loss is told. */
    private void look(Held one) {
        if (!isOpen(one.manager())) {
            return;
        }
        if (sight.missing(one.cache().id(), one.file()) == null) {
            return;
        }
        boolean[] told = new boolean[1];
        boolean claimed = on(one, "exists", "", () -> {
            try {
                one.cache().exists("meta");
            } catch (CacheLostException lost) {
                told[0] = true;
                throw lost;
            }
        });
        String missing = sight.missing(one.cache().id(), one.file());
        // its manager may have been closed by another thread while this one looked
        if (claimed && missing != null && isOpen(one.manager())) {
            journal.note(Event.Phase.MISSED, one.manager().name(), one.id(), missing + " of " + one.handle());
        }
        if (told[0]) {
            release(one);
        }
    }

    private boolean isOpen(Slot.Named named) {
        return slots.stream().anyMatch(slot -> slot.current().name().equals(named.name()));
    }

    private @Nullable CacheId anyId() {
        if (!held.isEmpty() && random.nextInt(4) == 0) {
            return held.get(random.nextInt(held.size())).cache().id();
        }
        List<CacheId> ids = sight.ids();
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }
}
