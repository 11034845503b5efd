// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.owner.Uninterruptibly;
import io.monolithcache.store.ValueFormat.Trailer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;

/** Writes values to files that are not yet entries; what is written is claimed before. */
final class ValueWriter {

    private static final int CHUNK = 128 * 1024;

    /** So much is claimed at once of what has no length. */
    private static final long CLAIMED_AHEAD = 1 << 20;

    private final boolean isSynced;

    ValueWriter(boolean isSynced) {
        this.isSynced = isSynced;
    }

    /**
     * What was written.
     *
     * @param content how long that is
     * @param file how long that is, with what describes it
     */
    record Written(long content, long file) {}

    Written write(Path file, Space.Claim claim, String key, Set<String> tags, long now, Content content)
            throws IOException {
        return content instanceof Content.Bytes inMemory
                ? write(file, claim, key, tags, now, inMemory.bytes())
                : stream(file, claim, key, tags, now, content);
    }

    private Written write(Path file, Space.Claim claim, String key, Set<String> tags, long now, byte[] content)
            throws IOException {
        Trailer trailer = new Trailer(key, tags, now, content.length, ValueReader.checksum(content));
        ByteBuffer end = trailer.encode();
        long length = (long) content.length + end.remaining();
        claim.raise(length);
        return Uninterruptibly.run(() -> {
            try (FileChannel channel = open(file)) {
                ByteBuffer[] parts = {ByteBuffer.wrap(content), end.duplicate()};
                while (parts[1].hasRemaining()) {
                    long unused = channel.write(parts);
                }
                sync(channel);
            }
            return new Written(content.length, length);
        });
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private Written stream(Path file, Space.Claim claim, String key, Set<String> tags, long now, Content content)
            throws IOException {
        CRC32C crc = new CRC32C();
        byte[] chunk = new byte[CHUNK];
        try (FileChannel channel = open(file);
                InputStream in = content.open()) {
            long length = 0;
            long claimed = 0;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (length + count > claimed) {
                    claimed = length + Math.max(count, length == 0 ? count : CLAIMED_AHEAD);
                    claim.raise(claimed);
                }
                crc.update(chunk, 0, count);
                fill(channel, ByteBuffer.wrap(chunk, 0, count));
                length += count;
            }
            ByteBuffer end = new Trailer(key, tags, now, length, (int) crc.getValue()).encode();
            long total = length + end.remaining();
            claim.raise(Math.max(total, claimed));
            fill(channel, end);
            sync(channel);
            return new Written(length, total);
        }
    }

    private static void fill(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = channel.write(bytes);
        }
    }

    private void sync(FileChannel channel) throws IOException {
        if (isSynced) {
            channel.force(true);
        }
    }
}
