// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Copies and hashes in one pass. What is long is hashed beside the transfer, in a thread of its own, so that the whole
 * takes about as long as the hash.
 */
final class HashingCopy {

    private static final int CHUNK = 256 * 1024;

    /** From here on a thread is worth it. */
    private static final long LONG = 4L << 20;

    private static final int BUFFERS = 4;

    private final MessageDigest digest = EntryHash.sha256();
    private long length;

    /** Is told how long it will be at least, before that is written. */
    @FunctionalInterface
    interface Ahead {
        void of(long length) throws IOException;
    }

    long length() {
        return length;
    }

    EntryHash hash() {
        return EntryHash.of(digest.digest());
    }

    /** Only hashes. */
    HashingCopy read(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            digest.update(chunk, 0, count);
            length += count;
        }
        return this;
    }

    HashingCopy copy(InputStream in, FileChannel out, Ahead ahead) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = fill(in, chunk); count > 0; count = fill(in, chunk)) {
            ahead.of(length + count);
            digest.update(chunk, 0, count);
            write(out, ByteBuffer.wrap(chunk, 0, count));
            length += count;
            if (length >= LONG) {
                beside(in, out, ahead);
                break;
            }
        }
        return this;
    }

    private static int fill(InputStream in, byte[] chunk) throws IOException {
        return in.readNBytes(chunk, 0, chunk.length);
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = out.write(bytes);
        }
    }

    private static final class Chunk {
        private final byte[] bytes;

        /** None for the end. */
        private int length;

        Chunk(int size) {
            this.bytes = new byte[size];
        }
    }

    private void beside(InputStream in, FileChannel out, Ahead ahead) throws IOException {
        BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(BUFFERS);
        BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(BUFFERS + 1);
        for (int buffer = 0; buffer < BUFFERS; buffer++) {
            boolean unused = free.add(new Chunk(CHUNK));
        }
        Thread hasher = new Thread(() -> hash(full, free), "monolith-cache-hash");
        hasher.setDaemon(true);
        hasher.start();
        try {
            for (Chunk next = take(free); ; next = take(free)) {
                int count = fill(in, next.bytes);
                if (count <= 0) {
                    break;
                }
                ahead.of(length + count);
                next.length = count;
                boolean unused = full.add(next);
                write(out, ByteBuffer.wrap(next.bytes, 0, count));
                length += count;
            }
        } finally {
            boolean unused = full.add(new Chunk(0));
            join(hasher);
        }
    }

    private void hash(BlockingQueue<Chunk> full, BlockingQueue<Chunk> free) {
        for (Chunk next = take(full); next.length > 0; next = take(full)) {
            digest.update(next.bytes, 0, next.length);
            boolean unused = free.add(next);
        }
    }

    /** The other thread always goes on. */
    private static Chunk take(BlockingQueue<Chunk> queue) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.take();
                } catch (InterruptedException told) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void join(Thread hasher) {
        boolean interrupted = false;
        while (hasher.isAlive()) {
            try {
                hasher.join();
            } catch (InterruptedException told) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
