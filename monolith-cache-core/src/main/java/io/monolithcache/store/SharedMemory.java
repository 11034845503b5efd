// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that all processes of a store have mapped, as numbers that one of them writes and the others see at once. The
 * system keeps what a killed process wrote. Positions are in bytes, aligned to the number that is there.
 *
 * <p>The mapping stays until it is collected: whoever closes a store may still have a thread in it.
 */
final class SharedMemory {

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer memory;

    private SharedMemory(MappedByteBuffer memory) {
        this.memory = memory;
    }

    /** Maps a file, which is made as long as that if it is shorter; what is added is zero. */
    static SharedMemory map(Path file, int size) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new SharedMemory(channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
        }
    }

    long getLong(int position) {
        return (long) LONGS.getVolatile(memory, position);
    }

    void setLong(int position, long value) {
        LONGS.setVolatile(memory, position, value);
    }

    int getInt(int position) {
        return (int) INTS.getVolatile(memory, position);
    }

    void setInt(int position, int value) {
        INTS.setVolatile(memory, position, value);
    }

    int addInt(int position, int more) {
        return (int) INTS.getAndAdd(memory, position, more) + more;
    }

    byte[] getBytes(int position, int length) {
        byte[] bytes = new byte[length];
        memory.get(position, bytes);
        return bytes;
    }

    void setBytes(int position, byte[] bytes) {
        memory.put(position, bytes);
    }

    void clear(int position, int length) {
        memory.put(position, new byte[length]);
    }
}
