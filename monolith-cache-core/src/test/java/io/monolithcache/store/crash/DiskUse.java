// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.store.Store;
import io.monolithcache.store.index.EntryIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures all along how many blocks of a disk are taken, as the system says in one answer: to add up files one after
 * the other would count some that were never there together. The disk has nothing but one store on it.
 */
final class DiskUse implements AutoCloseable {

    private static final int MOST_PROCESSES = 12;

    private final FileStore disk;
    private final long empty;
    private final Thread sampler;
    private volatile boolean isOver;
    private volatile long most;
    private final AtomicInteger samples = new AtomicInteger();

    /** @param root of a store that is empty, with an index elsewhere */
    DiskUse(Path root, EntryIndex.Format index) throws IOException {
        makePlaces(root, index);
        this.disk = Files.getFileStore(root);
        this.empty = sample();
        this.sampler = new Thread(this::measure, "disk-use");
        sampler.setDaemon(true);
        sampler.start();
    }

    /** The board grows with the most processes at once, and is not what is measured. */
    private static void makePlaces(Path root, EntryIndex.Format index) {
        List<Store> stores = new ArrayList<>();
        for (int process = 0; process < MOST_PROCESSES; process++) {
            stores.add(Store.in(root).index(index).open());
        }
        stores.forEach(Store::close);
    }

    private void measure() {
        while (!isOver) {
            try {
                most = Math.max(most, sample() - empty);
                int unused = samples.incrementAndGet();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private long sample() throws IOException {
        return disk.getTotalSpace() - disk.getUnallocatedSpace();
    }

    /** In bytes, more than by the empty store. */
    long most() {
        return most;
    }

    int samples() {
        return samples.get();
    }

    @Override
    public void close() {
        isOver = true;
        boolean interrupted = false;
        while (sampler.isAlive()) {
            try {
                sampler.join();
            } catch (InterruptedException told) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
