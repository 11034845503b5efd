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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of a store tell each other without a system call: a file that all of them have mapped, with a
 * {@link Slot} for each. It counts what is taken of the limits, so that they hold across processes.
 *
 * <pre>
 *      0  magic and version
 *      8  which start of the machine wrote it: after another one it may be torn, and is made anew
 *     16  how many slots were ever used
 *   4096  versions of entries, 256 KiB
 * 266240  slots, 16 KiB each, 64 of them
 * </pre>
 *
 * <p>The slot of an owner that died keeps what it counted: the next process takes it over. Who comes while nobody is
 * there counts anew, so that what was done to the files by hand is not forgotten for ever.
 */
final class Board implements AutoCloseable {

    static final int SLOTS = 64;

    private static final long MAGIC = 0x4d4f_4e4f_4c49_5402L;
    private static final int BOOT = 8;
    private static final int USED = 16;
    private static final int VERSIONS = 4_096;
    private static final int FIRST_SLOT = VERSIONS + Versions.SIZE;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final int SPINS = 200;
    private static final long PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 2_000_000;
    private static final int LOOKS_UNTIL_BURIED = 200;

    private final StoreLayout layout;
    private final SharedMemory memory;
    private final Owner owner;
    private final Liveness liveness;
    private final Estate estate;
    private final List<Slot> slots = new ArrayList<>();
    private final int own;

    private Board(StoreLayout layout, Estate estate) throws IOException {
        this.layout = layout;
        this.estate = estate;
        this.liveness = new Liveness(layout.owners());
        this.owner = Owner.start(layout.owners());
        try {
            this.memory = SharedMemory.map(layout.board(), FIRST_SLOT + SLOTS * Slot.SIZE);
            for (int number = 0; number < SLOTS; number++) {
                slots.add(new Slot(memory, FIRST_SLOT + number * Slot.SIZE));
            }
            this.own = locked(this::join);
        } catch (IOException | RuntimeException failure) {
            owner.close();
            throw failure;
        }
    }

    /** What dead owners leave. */
    interface Estate extends Slot.Disk {

        /** Removes what the owner was writing; before what it claimed for that is given back. */
        void discard(String owner) throws IOException;

        /**
         * An owner died.
         *
         * @param since when it began to change what the index does not know; 0 if it had not
         */
        void changed(long since) throws IOException;

        /**
         * Counts what is on the disk, while nobody is there.
         *
         * @param known what the owners before have counted; null if nobody knows
         */
        Usage count(@Nullable Usage known) throws IOException;
    }

    /** Joins the processes of a store. */
    static Board open(StoreLayout layout, Estate estate) throws IOException {
        return new Board(layout, estate);
    }

    /** One process at a time comes, or cleans up after another one. */
    private <T> T locked(Uninterruptibly.Step<T> step) throws IOException {
        return ProcessLocks.locked(layout.joining(), step);
    }

    private int join() throws IOException {
        boolean isNew = memory.getLong(0) != MAGIC || memory.getLong(BOOT) != boot();
        if (isNew) {
            begin();
        } else {
            int unused = bury();
        }
        boolean isAlone = true;
        for (int number = 0; number < used(); number++) {
            isAlone &= slots.get(number).owner().isEmpty();
        }
        int number = free();
        Slot slot = slots.get(number);
        if (isAlone) {
            Usage counted = estate.count(isNew ? null : usage());
            slots.subList(0, used()).forEach(each -> each.count(Usage.NOTHING));
            slot.count(counted);
            memory.setLong(BOOT, boot());
            memory.setLong(0, MAGIC);
        }
        slot.setOwner(owner.name());
        return number;
    }

    /** Whoever wrote it before is gone with the machine, or knew another version. */
    private void begin() throws IOException {
        memory.setLong(0, 0);
        memory.setInt(USED, 0);
        allocate(0, FIRST_SLOT);
        try (DirectoryStream<Path> writers = Files.newDirectoryStream(layout.writing())) {
            for (Path writer : writers) {
                estate.discard(writer.getFileName().toString());
            }
        }
    }

    private static long boot() throws IOException {
        // where nobody tells, a machine that lost its power is taken for the same
        return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).hashCode() : 1;
    }

    private int free() throws IOException {
        for (int number = 0; number < used(); number++) {
            if (slots.get(number).owner().isEmpty()) {
                return number;
            }
        }
        int number = used();
        if (number == SLOTS) {
            throw new IOException(SLOTS + " processes share " + layout.base() + " already, which is the most");
        }
        allocate(FIRST_SLOT + number * Slot.SIZE, Slot.SIZE);
        memory.setInt(USED, number + 1);
        return number;
    }

    /** Blocks are allocated before they are mapped in: a full disk must not end the process. */
    private void allocate(int position, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(layout.board(), StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(length);
            while (zeros.hasRemaining()) {
                int unused = channel.write(zeros, position + zeros.position());
            }
        }
    }

    Versions versions() {
        return new Versions(memory, VERSIONS);
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
    void await(Sign sign) throws IOException {
        boolean interrupted = false;
        try {
            for (int look = 0; sign.isUp(); look++) {
                interrupted |= Thread.interrupted();
                pause(look);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * As {@link #await(Sign)}. @return false if that has not come to pass until then, by the time of
     * {@link System#nanoTime()}
     */
    boolean await(Sign sign, long end) throws IOException, InterruptedException {
        for (int look = 0; sign.isUp(); look++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while another process loads the same entry");
            }
            if (look >= SPINS && System.nanoTime() - end >= 0) {
                return false;
            }
            pause(look);
        }
        return true;
    }

    /** The longer one waits, the longer are the pauses. */
    private void pause(int look) throws IOException {
        if (look < SPINS) {
            Thread.onSpinWait();
            return;
        }
        LockSupport.parkNanos(Math.min(LONGEST_PAUSE, PAUSE + (look - SPINS) * PAUSE / SPINS));
        if (look % LOOKS_UNTIL_BURIED == 0) {
            int unused = buryDead();
        }
    }

    /** Whether another process writes, or has written what the index does not know. */
    boolean isBusyElsewhere() {
        for (int number = 0; number < used(); number++) {
            if (number != own && slots.get(number).isBusy()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Cleans up after owners that died.
     *
     * @return how many there were
     */
    int buryDead() throws IOException {
        return locked(this::bury);
    }

    private int bury() throws IOException {
        int dead = 0;
        for (int number = 0; number < used(); number++) {
            Slot slot = slots.get(number);
            String name = slot.owner();
            if (!name.isEmpty() && !liveness.isAlive(name)) {
                estate.discard(name);
                Versions versions = versions();
                slot.settleAll(hash -> {
                    int unused = versions.changed(hash);
                    return estate.of(hash);
                });
                estate.changed(slot.dirtySince());
                slot.clear();
                Files.deleteIfExists(layout.owners().resolve(name));
                dead++;
            }
        }
        return dead;
    }

    /** How many processes have it open. */
    int processes() {
        int alive = 0;
        for (int number = 0; number < used(); number++) {
            alive += slots.get(number).owner().isEmpty() ? 0 : 1;
        }
        return alive;
    }

    /** Since when there are changes of any process that the index does not know; the time given if there are none. */
    long dirtySince(long time) {
        long since = time;
        for (int number = 0; number < used(); number++) {
            long dirty = slots.get(number).dirtySince();
            since = dirty == 0 ? since : Math.min(since, dirty);
        }
        return since;
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
