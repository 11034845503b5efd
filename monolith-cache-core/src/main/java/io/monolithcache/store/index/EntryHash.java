// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names an entry: 32 bytes, the SHA-256 of its key or, in a store of files by content, that of the content itself.
 * Whoever can choose keys cannot make two of them meet. Immutable; in the order of its bytes without sign, which is
 * also that of its text.
 */
public final class EntryHash implements Comparable<EntryHash> {

    /** The length of a hash. */
    public static final int BYTES = 32;

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    private EntryHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The name of the entry with that key.
     *
     * @throws IllegalArgumentException if it is no text: it has half of a surrogate pair
     */
    public static EntryHash ofKey(String key) {
        if (!isText(key)) {
            throw new IllegalArgumentException("A key cannot have half of a surrogate pair: " + key);
        }
        return new EntryHash(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** Else two keys would be the same once they are encoded. */
    private static boolean isText(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isSurrogate(key.charAt(i))) {
                return key.codePoints().noneMatch(code -> code <= 0xffff && Character.isSurrogate((char) code));
            }
        }
        return true;
    }

    /**
     * The hash of those bytes, which are copied.
     *
     * @throws IllegalArgumentException if these are not 32 bytes
     */
    public static EntryHash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A hash has " + BYTES + " bytes, not " + bytes.length);
        }
        return new EntryHash(bytes.clone());
    }

    /**
     * The hash with that text.
     *
     * @throws IllegalArgumentException if these are not 64 hexadecimal digits in lower case
     */
    public static EntryHash parse(String hex) {
        if (!isHash(hex)) {
            throw new IllegalArgumentException("Not 64 hexadecimal digits in lower case: " + hex);
        }
        return new EntryHash(HEX.parseHex(hex));
    }

    /** Whether these are 64 hexadecimal digits in lower case. */
    public static boolean isHash(String text) {
        return text.length() == 2 * BYTES
                && text.chars().allMatch(digit -> (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
    }

    /** A digest of the kind that names entries. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    /** A copy of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The first byte, 0 to 255: the number of the folder that an entry lies in. */
    public int folder() {
        return bytes[0] & 0xff;
    }

    /** The first eight bytes; never 0, which may stand for none. */
    public long prefix() {
        long prefix = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            prefix = prefix << Byte.SIZE | (bytes[i] & 0xff);
        }
        return prefix == 0 ? 1 : prefix;
    }

    /** Spreads entries over that many places, a power of two. */
    public int spread(int places) {
        return (int) prefix() & (places - 1);
    }

    @Override
    public int compareTo(EntryHash other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryHash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return (int) prefix();
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HEX.formatHex(bytes);
    }
}
