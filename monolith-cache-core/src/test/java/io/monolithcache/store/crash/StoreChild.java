// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.store.Content;
import io.monolithcache.store.ContentFiles;
import io.monolithcache.store.Entry;
import io.monolithcache.store.Store;
import io.monolithcache.store.Store.Selection;
import io.monolithcache.store.StoreFullException;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Works on a store until it is killed. Each thread writes keys of its own, so that it knows which version is the last,
 * and reads those of all.
 */
final class StoreChild {

    static final int THREADS = 2;
    static final int KEYS = 6;

    private final Store store;
    private final Log log;
    private final int number;
    private final int children;
    private final boolean isLimited;
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();

    private StoreChild(Store store, Log log, int number, int children, boolean isLimited) {
        this.store = store;
        this.log = log;
        this.number = number;
        this.children = children;
        this.isLimited = isLimited;
    }

    /**
     * Works for ever.
     *
     * @param arguments root, log, number, how many children, size limit or 0, seed, folder of the index
     */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        int number = Integer.parseInt(arguments[2]);
        long size = Long.parseLong(arguments[4]);
        try (Log log = new Log(file)) {
            Store store = Store.in(Path.of(arguments[0]))
                    .index(Indexes.sharedIn(Path.of(arguments[6])))
                    .limits(size == 0 ? StoreLimits.NONE : StoreLimits.NONE.withSize(size))
                    .open();
            StoreChild child = new StoreChild(store, log, number, Integer.parseInt(arguments[3]), size != 0);
            for (String line : Log.read(file)) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("WILL")) {
                    child.versions.merge(words[1], Integer.valueOf(words[2]), Math::max);
                }
            }
            Random seeds = new Random(Long.parseLong(arguments[5]));
            Thread[] threads = new Thread[THREADS];
            for (int thread = 0; thread < THREADS; thread++) {
                int own = thread;
                Random random = new Random(seeds.nextLong());
                threads[thread] = new Thread(() -> child.work(own, random));
                threads[thread].start();
            }
            log.say("STARTED");
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    static String key(int child, int thread, int key) {
        return "c" + child + "t" + thread + "k" + key;
    }

    private void work(int thread, Random random) {
        try {
            while (true) {
                step(thread, random);
            }
        } catch (Exception failure) {
            try {
                log.say("FAILED " + failure + " " + Arrays.toString(failure.getStackTrace()));
            } catch (IOException lost) {
                failure.addSuppressed(lost);
            }
            Runtime.getRuntime().halt(1);
        }
    }

    private void step(int thread, Random random) throws Exception {
        String own = key(number, thread, random.nextInt(KEYS));
        String any = key(random.nextInt(children), random.nextInt(THREADS), random.nextInt(KEYS));
        int choice = random.nextInt(100);
        if (choice < 35) {
            put(own, random.nextBoolean());
        } else if (choice < 75) {
            find(any);
        } else if (choice < 80) {
            try (Entry loaded = store.getOrLoad("loaded-" + any, key -> Content.of(new Versioned(key, 1).bytes()))) {
                Versioned.parse("loaded-" + any, loaded.bytes());
            }
        } else if (choice < 92) {
            file(any, random);
        } else if (isLimited && choice < 96) {
            store.remove(own);
        } else if (isLimited && choice < 97) {
            store.evict(Selection.prefix("c" + random.nextInt(children)), false);
        } else if (choice < 98) {
            store.sweep();
        } else {
            long unused = store.entries().limit(20).count();
        }
    }

    private void put(String key, boolean isStream) throws IOException {
        int version = versions.merge(key, 1, Integer::sum);
        byte[] bytes = new Versioned(key, version).bytes();
        log.say("WILL " + key + " " + version);
        boolean isStored = store.put(key, isStream ? () -> new ByteArrayInputStream(bytes) : Content.of(bytes));
        log.say((isStored ? "DID " : "FULL ") + key + " " + version);
    }

    private void find(String key) {
        store.find(key).ifPresent(found -> {
            try (Entry entry = found) {
                Versioned unused = Versioned.parse(key, entry.bytes());
            }
        });
    }

    private void file(String key, Random random) throws IOException {
        byte[] bytes = new Versioned(key, random.nextInt(3)).bytes();
        ContentFiles.Added added;
        try {
            added = store.files().add(new ByteArrayInputStream(bytes));
        } catch (StoreFullException full) {
            return;
        }
        log.say("FILE " + added.hash() + " " + added.length());
        try (StoredFile file = store.files().open(added.hash()).orElse(null)) {
            if (file != null && !Arrays.equals(Files.readAllBytes(file.path()), bytes)) {
                throw new IllegalStateException("The file " + file.path() + " is not " + key);
            }
        }
    }
}
