// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.store.Content;
import io.monolithcache.store.Entry;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreLimits;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many threads of one process, which begin with those of the others, when a file is there. */
final class LoadingChild {

    private LoadingChild() {}

    /**
     * Begins when it may.
     *
     * @param arguments root, log, file that begins it, what to do, size limit or 0, folder of the index
     */
    public static void main(String[] arguments) throws Exception {
        long size = Long.parseLong(arguments[4]);
        try (Store store = Store.in(Path.of(arguments[0]))
                        .index(Indexes.sharedIn(Path.of(arguments[5])))
                        .limits(size == 0 ? StoreLimits.NONE : StoreLimits.NONE.withSize(size))
                        .open();
                Log log = new Log(Path.of(arguments[1]))) {
            log.say("READY");
            while (!Files.exists(Path.of(arguments[2]))) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            switch (arguments[3]) {
                case "ask" -> together(250, thread -> ask(store, log));
                case "write" -> together(8, thread -> write(store, log, thread));
                default -> throw new IllegalArgumentException(arguments[3]);
            }
            log.say("DONE");
        }
    }

    private interface Work {
        void of(int thread) throws Exception;
    }

    private static void together(int threads, Work work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int own = thread;
            all.add(() -> {
                work.of(own);
                return true;
            });
        }
        for (Future<Boolean> done : executor.invokeAll(all)) {
            boolean unused = done.get();
        }
        executor.shutdown();
    }

    private static void ask(Store store, Log log) throws Exception {
        for (int key = 0; key < 3; key++) {
            String name = "missing" + key;
            try (Entry entry = store.getOrLoad(name, missing -> {
                log.say("LOADED " + missing);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                return Content.of(new Versioned(missing, 1).bytes());
            })) {
                Versioned unused = Versioned.parse(name, entry.bytes());
            }
        }
    }

    private static void write(Store store, Log log, int thread) throws Exception {
        Random random = new Random(thread + 31L * ProcessHandle.current().pid());
        long written = 0;
        for (int version = 1; version <= 60; version++) {
            Versioned next = new Versioned(ProcessHandle.current().pid() + "-" + thread + "-" + version, version);
            byte[] bytes = next.bytes();
            if (random.nextInt(3) == 0) {
                boolean unused = store.put(next.key(), () -> new ByteArrayInputStream(bytes));
            } else {
                boolean unused = store.put(next.key(), Content.of(bytes));
            }
            written += bytes.length;
        }
        log.say("WROTE " + written);
    }
}
