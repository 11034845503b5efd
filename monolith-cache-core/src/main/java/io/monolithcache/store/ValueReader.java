// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.ValueFormat.CorruptException;
import io.monolithcache.store.ValueFormat.Trailer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads values from their files. */
final class ValueReader {

    /** Longer ones are read when they are asked for. */
    static final int INLINE = 1 << 20;

    private static final int CHUNK = 256 * 1024;

    private ValueReader() {}

    static Trailer trailer(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return trailer(channel, channel.size());
        }
    }

    private static Trailer trailer(FileChannel channel, long size) throws IOException {
        if (size < ValueFormat.FOOTER) {
            throw new CorruptException("It has only " + size + " bytes");
        }
        ByteBuffer footer = ByteBuffer.allocate(ValueFormat.FOOTER);
        fill(channel, footer, size - footer.capacity());
        ByteBuffer trailer = ByteBuffer.allocate(ValueFormat.trailerLength(footer, size));
        fill(channel, trailer, size - trailer.capacity());
        return ValueFormat.decode(trailer);
    }

    /** From the position of the buffer to its limit, then ready to be read from its beginning. */
    private static void fill(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException("It became shorter while it was read");
            }
        }
        buffer.flip();
    }

    /**
     * Opens a value.
     *
     * @param isToVerify whether its content is compared with its checksum
     * @return null if there is none
     * @throws CorruptException if it is not what was written under that key
     */
    static @Nullable Entry open(Path file, String key, boolean isToVerify) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException missing) {
            return null;
        }
        boolean isHandedOver = false;
        try {
            long size = channel.size();
            if (size <= INLINE) {
                return inline(channel, (int) size, key, isToVerify);
            }
            Trailer trailer = named(trailer(channel, size), key);
            if (isToVerify && checksum(channel, trailer.length()) != trailer.checksum()) {
                throw new CorruptException("Its content does not have the checksum that it was written with");
            }
            isHandedOver = true;
            return new OpenValue(trailer, channel);
        } finally {
            if (!isHandedOver) {
                channel.close();
            }
        }
    }

    /** With one read, if there are no tags. */
    private static Entry inline(FileChannel channel, int size, String key, boolean isToVerify) throws IOException {
        int expected = key.getBytes(StandardCharsets.UTF_8).length + ValueFormat.FOOTER;
        if (size < expected) {
            throw new CorruptException("It has only " + size + " bytes");
        }
        byte[] content = new byte[size - expected];
        ByteBuffer head = ByteBuffer.wrap(content);
        ByteBuffer end = ByteBuffer.allocate(expected);
        ByteBuffer[] both = {head, end};
        while (end.hasRemaining()) {
            if (channel.read(both) < 0) {
                throw new EOFException("It became shorter while it was read");
            }
        }
        end.flip();
        int length = ValueFormat.trailerLength(end, size);
        if (length != expected) {
            byte[] whole = new byte[size];
            System.arraycopy(content, 0, whole, 0, content.length);
            end.get(whole, content.length, expected);
            content = Arrays.copyOf(whole, size - length);
            end = ByteBuffer.wrap(whole, size - length, length).slice();
        }
        Trailer trailer = named(ValueFormat.decode(end), key);
        if (isToVerify && checksum(content) != trailer.checksum()) {
            throw new CorruptException("Its content does not have the checksum that it was written with");
        }
        return new StoredValue(trailer, content);
    }

    private static Trailer named(Trailer trailer, String key) throws CorruptException {
        if (!trailer.key().equals(key)) {
            throw new CorruptException("It was written under another key");
        }
        return trailer;
    }

    static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return (int) crc.getValue();
    }

    private static int checksum(FileChannel channel, long length) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        for (long done = 0; done < length; done += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK, length - done));
            fill(channel, chunk, done);
            crc.update(chunk);
        }
        return (int) crc.getValue();
    }
}
