// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What follows the content in the file of a value, all numbers with the highest byte first:
 *
 * <pre>
 *  key                       UTF-8
 *  tags                      each its length in bytes (4), then UTF-8
 *  length of the content     8  the footer begins here, 40 bytes before the end
 *  when it was written       8  milliseconds since 1970
 *  length of the key         4
 *  length of the tags        4
 *  CRC-32C of the content    4
 *  CRC-32C of all of this    4  from the key on, up to here
 *  magic and version         8
 * </pre>
 *
 * It stands at the end because it is known only there, and because the content begins on a boundary of blocks.
 */
final class ValueFormat {

    static final int FOOTER = 40;

    private static final long MAGIC = 0x4d4f_4e56_414c_0001L;
    private static final byte[] NO_TAGS = {};
    private static final int CHECKED = FOOTER - Long.BYTES - Integer.BYTES;

    private ValueFormat() {}

    /** A file is not what was written. */
    static final class CorruptException extends IOException {

        private static final long serialVersionUID = 1L;

        CorruptException(String what) {
            super(what);
        }
    }

    /**
     * What describes a value.
     *
     * @param checksum CRC-32C of the content
     */
    record Trailer(String key, Set<String> tags, long createdAt, long length, int checksum) {

        Trailer {
            tags = Set.copyOf(tags);
        }

        ByteBuffer encode() {
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            byte[] labels = tags.isEmpty() ? NO_TAGS : encode(tags);
            ByteBuffer bytes = ByteBuffer.allocate(name.length + labels.length + FOOTER)
                    .put(name)
                    .put(labels)
                    .putLong(length)
                    .putLong(createdAt)
                    .putInt(name.length)
                    .putInt(labels.length)
                    .putInt(checksum);
            CRC32C crc = new CRC32C();
            crc.update(bytes.array(), 0, bytes.position());
            return bytes.putInt((int) crc.getValue()).putLong(MAGIC).flip();
        }

        private static byte[] encode(Set<String> tags) {
            ByteBuffer bytes = ByteBuffer.allocate(tags.stream()
                    .mapToInt(tag -> Integer.BYTES + tag.getBytes(StandardCharsets.UTF_8).length)
                    .sum());
            for (String tag : tags) {
                byte[] label = tag.getBytes(StandardCharsets.UTF_8);
                bytes.putInt(label.length).put(label);
            }
            return bytes.array();
        }
    }

    /**
     * How long the trailer is.
     *
     * @param end the last bytes of the file, of which the footer is read and nothing is consumed
     */
    static int trailerLength(ByteBuffer end, long size) throws CorruptException {
        int footer = end.limit() - FOOTER;
        if (footer < 0 || end.getLong(end.limit() - Long.BYTES) != MAGIC) {
            throw new CorruptException("It does not end as a value does");
        }
        int key = end.getInt(footer + 2 * Long.BYTES);
        int tags = end.getInt(footer + 2 * Long.BYTES + Integer.BYTES);
        long trailer = (long) key + tags + FOOTER;
        if (key < 0 || tags < 0 || end.getLong(footer) != size - trailer) {
            throw new CorruptException("Its lengths do not add up to its size");
        }
        return Math.toIntExact(trailer);
    }

    /** @param trailer exactly that */
    static Trailer decode(ByteBuffer trailer) throws CorruptException {
        int end = trailer.limit();
        int footer = end - FOOTER;
        CRC32C crc = new CRC32C();
        crc.update(trailer.duplicate().limit(footer + CHECKED));
        if (trailer.getInt(footer + CHECKED) != (int) crc.getValue()) {
            throw new CorruptException("What describes it does not have the checksum that it was written with");
        }
        byte[] key = new byte[trailer.getInt(footer + 2 * Long.BYTES)];
        trailer.get(key);
        Set<String> tags = new LinkedHashSet<>();
        while (trailer.position() < footer) {
            byte[] tag = new byte[trailer.getInt()];
            trailer.get(tag);
            tags.add(new String(tag, StandardCharsets.UTF_8));
        }
        return new Trailer(
                new String(key, StandardCharsets.UTF_8),
                tags,
                trailer.getLong(footer + Long.BYTES),
                trailer.getLong(footer),
                trailer.getInt(footer + CHECKED - Integer.BYTES));
    }
}
