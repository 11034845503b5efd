// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What is written of the next part: in memory as long as it is small, beyond that in a local file, which large parts of
 * very long streams need.
 */
final class PartBuffer implements AutoCloseable {

    private static final int FIRST = 8 * 1024;

    private final int mostInMemory;
    private final Supplier<Path> files;
    private byte[] memory = new byte[FIRST];
    private long length;
    private @Nullable Path file;
    private @Nullable FileChannel channel;

    /** @param files gives a new name for a local file */
    PartBuffer(int mostInMemory, Supplier<Path> files) {
        this.mostInMemory = mostInMemory;
        this.files = files;
    }

    long length() {
        return length;
    }

    /** What there is, if it is in memory; the rest of the array is garbage. */
    byte[] memory() {
        return memory;
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        if (channel == null && length + count <= mostInMemory) {
            int needed = (int) length + count;
            if (needed > memory.length) {
                memory = Arrays.copyOf(memory, Math.min(mostInMemory, Math.max(needed, memory.length * 2)));
            }
            System.arraycopy(bytes, offset, memory, (int) length, count);
        } else {
            writeFully(spilled(), ByteBuffer.wrap(bytes, offset, count));
        }
        length += count;
    }

    private FileChannel spilled() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Path path = files.get();
            open = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            file = path;
            channel = open;
            writeFully(open, ByteBuffer.wrap(memory, 0, (int) length));
        }
        return open;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = channel.write(bytes);
        }
    }

    /** What there is, which may be sent several times. */
    RequestBody body() {
        Path path = file;
        if (path != null) {
            return RequestBody.fromFile(path);
        }
        return S3Upload.inMemory(memory, (int) length);
    }

    void clear() throws IOException {
        length = 0;
        close();
    }

    @Override
    public void close() throws IOException {
        try (FileChannel open = channel) {
            Path path = file;
            channel = null;
            file = null;
            if (path != null) {
                Files.deleteIfExists(path);
            }
        }
    }
}
