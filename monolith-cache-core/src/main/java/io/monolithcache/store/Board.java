// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.owner.Liveness;
import io.monolithcache.owner.Owner;
import io.monolithcache.owner.ProcessLocks;
import io.monolithcache.owner.Uninterruptibly;
import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What the processes of a store tell each other without a system call: a file that all of them have mapped, with a
 * {@link Slot} for each. It counts what is taken of the limits, so that they hold across processes.
 *
 * <pre>
 *    0  magic and version
 *    8  which start of the machine wrote it: after another one it may be torn, and is made anew
 *   16  how many slots were ever used
 * 4096  slots, 16 KiB each, 64 of them
 * </pre>
 *
 * <p>The slot of an owner that died keeps what it counted: the next process takes it over.
 */
final class Board implements AutoCloseable {

    static final int SLOTS = 64;

    private static final long MAGIC = 0x4d4f_4e4f_4c49_5401L;
    private static final int HEADER = 4_096;
    private static final int BOOT = 8;
    private static final int USED = 16;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final int SPINS = 200;
    private static final long PAUSE = 50_000;
    private static final int LOOKS_UNTIL_BURIED = 200;

    private final StoreLayout layout;
    private final SharedMemory memory;
    private final Owner owner;
    private final Liveness liveness;
    private final Slot.Disk disk;
    private final Consumer<EntryHash> changed;
    private final List<Slot> slots = new ArrayList<>();
    private final int own;

    private Board(StoreLayout layout, Slot.Disk disk, Consumer<EntryHash> changed, Counting counting)
            throws IOException {
        this.layout = layout;
        this.disk = disk;
        this.changed = changed;
        this.liveness = new Liveness(layout.owners());
        this.owner = Owner.start(layout.owners());
        try {
            this.memory = SharedMemory.map(layout.board(), HEADER + SLOTS * Slot.SIZE);
            for (int number = 0; number < SLOTS; number++) {
                slots.add(new Slot(memory, HEADER + number * Slot.SIZE));
            }
            this.own = locked(() -> join(counting));
        } catch (IOException | RuntimeException failure) {
            owner.close();
            throw failure;
        }
    }

    /** Counts what is on the disk. */
    @FunctionalInterface
    interface Counting {
        Usage count() throws IOException;
    }

    /**
     * Joins the processes of a store.
     *
     * @param disk tells what is there of an entry
     * @param changed hears of entries that a dead owner may have changed
     * @param counting is asked if nobody has counted before
     */
    static Board open(StoreLayout layout, Slot.Disk disk, Consumer<EntryHash> changed, Counting counting)
            throws IOException {
        return new Board(layout, disk, changed, counting);
    }

    /** One process at a time comes, or cleans up after another one. */
    private <T> T locked(Uninterruptibly.Step<T> step) throws IOException {
        return ProcessLocks.locked(layout.joining(), step);
    }

    private int join(Counting counting) throws IOException {
        boolean isNew = memory.getLong(0) != MAGIC || memory.getLong(BOOT) != boot();
        if (isNew) {
            memory.setLong(0, 0);
            memory.setInt(USED, 0);
        }
        int number = isNew ? add() : free();
        Slot slot = slots.get(number);
        if (isNew) {
            slot.add(counting.count());
            memory.setLong(BOOT, boot());
            memory.setLong(0, MAGIC);
        }
        slot.setOwner(owner.name());
        return number;
    }

    private static long boot() throws IOException {
        // where nobody tells, a machine that lost its power is taken for the same
        return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).hashCode() : 1;
    }

    private int free() throws IOException {
        for (int number = 0; number < used(); number++) {
            if (isDead(number)) {
                cleanUp(slots.get(number));
                return number;
            }
        }
        return add();
    }

    private boolean isDead(int number) throws IOException {
        String name = slots.get(number).owner();
        return name.isEmpty() || !liveness.isAlive(name);
    }

    /** Its blocks are allocated before it is mapped in: a full disk must not end the process. */
    private int add() throws IOException {
        int number = used();
        if (number == SLOTS) {
            throw new IOException(SLOTS + " processes share " + layout.base() + " already, which is the most");
        }
        try (FileChannel channel = FileChannel.open(layout.board(), StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(Slot.SIZE);
            int at = HEADER + number * Slot.SIZE;
            while (zeros.hasRemaining()) {
                int unused = channel.write(zeros, at + zeros.position());
            }
        }
        memory.setInt(USED, number + 1);
        return number;
    }

    private void cleanUp(Slot slot) {
        slot.settleAll(disk, changed);
        slot.clear();
    }

    int used() {
        return memory.getInt(USED);
    }

    Slot own() {
        return slots.get(own);
    }

    int ownNumber() {
        return own;
    }

    Slot slot(int number) {
        return slots.get(number);
    }

    String ownerName() {
        return owner.name();
    }

    /** What all processes have taken, and are about to take. */
    Usage usage() {
        Usage all = Usage.NOTHING;
        for (int number = 0; number < used(); number++) {
            all = all.plus(slots.get(number).usage());
        }
        return all;
    }

    /** Whether somebody keeps an entry from being removed. */
    boolean isPinned(EntryHash hash) {
        for (int number = 0; number < used(); number++) {
            if (slots.get(number).isPinned(hash)) {
                return true;
            }
        }
        return false;
    }

    /** What another process says until it is done. */
    @FunctionalInterface
    interface Sign {
        boolean isUp();
    }

    /** Waits until another process has taken down a sign, which is soon, or is dead. */
    void await(int number, Sign sign) throws IOException {
        boolean interrupted = false;
        try {
            for (int look = 0; sign.isUp(); look++) {
                if (look < SPINS) {
                    Thread.onSpinWait();
                } else {
                    interrupted |= Thread.interrupted();
                    LockSupport.parkNanos(PAUSE);
                    if (look % LOOKS_UNTIL_BURIED == 0) {
                        int unused = buryDead();
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Cleans up after owners that died. @return how many there were */
    int buryDead() throws IOException {
        return locked(() -> {
            int dead = 0;
            for (int number = 0; number < used(); number++) {
                Slot slot = slots.get(number);
                if (number != own && !slot.owner().isEmpty() && isDead(number)) {
                    cleanUp(slot);
                    dead++;
                }
            }
            return dead;
        });
    }

    /** Nothing of this process may be under way. */
    @Override
    public void close() throws IOException {
        try {
            boolean unused = locked(() -> {
                own().clear();
                return true;
            });
        } finally {
            owner.close();
        }
    }
}
