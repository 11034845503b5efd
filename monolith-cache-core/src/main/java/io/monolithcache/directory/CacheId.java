// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * The name of a cache directory: 26 lower-case characters of Crockford's base 32, that is 48 bits of time in
 * milliseconds and 80 random bits (the layout of a ULID). Ids sort by creation and are never used twice.
 *
 * <p>Immutable and safe for use by several threads. Whoever holds a {@code CacheId} holds a checked name: it can be put
 * into a path, a key or a URL as it is.
 *
 * @param value the 26 characters
 */
public record CacheId(String value) implements Comparable<CacheId> {

    private static final int LENGTH = 26;
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int TIME_CHARACTERS = 10;
    private static final int BITS = 5;
    private static final long TIME_MASK = (1L << 48) - 1;
    private static final RandomGenerator RANDOM = new SecureRandom();

    /** @throws IllegalArgumentException if the value is not an id */
    public CacheId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not a cache id: " + printable(value)
                    + ". An id has 26 characters of 0-9 and a-z without i, l, o and u, and begins with 0 to 7");
        }
    }

    /**
     * Reads an id that came from outside.
     *
     * @throws IllegalArgumentException if the text is not an id
     */
    public static CacheId of(String text) {
        return new CacheId(text);
    }

    /** Whether the text is an id; says nothing about whether such a cache exists. */
    public static boolean isValid(CharSequence text) {
        if (text.length() != LENGTH || text.charAt(0) > '7') {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            if (ALPHABET.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A new id whose time is the given one. The random part comes from a cryptographically strong source. */
    public static CacheId random(Instant time) {
        char[] text = new char[LENGTH];
        long millis = time.toEpochMilli() & TIME_MASK;
        for (int i = TIME_CHARACTERS - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (millis & 31));
            millis >>>= BITS;
        }
        byte[] random = new byte[LENGTH - TIME_CHARACTERS];
        RANDOM.nextBytes(random);
        for (int i = 0; i < random.length; i++) {
            text[TIME_CHARACTERS + i] = ALPHABET.charAt(random[i] & 31);
        }
        return new CacheId(new String(text));
    }

    /** The time in the id, to the millisecond. */
    public Instant time() {
        long millis = 0;
        for (int i = 0; i < TIME_CHARACTERS; i++) {
            millis = millis << BITS | ALPHABET.indexOf(value.charAt(i));
        }
        return Instant.ofEpochMilli(millis);
    }

    @Override
    public int compareTo(CacheId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** An attacker's text goes into messages and logs only in a harmless, short form. */
    private static String printable(String text) {
        String harmless = text.replaceAll("[^\\x21-\\x7e]", "?");
        return harmless.length() <= 40 ? "'" + harmless + "'" : "'" + harmless.substring(0, 40) + "…'";
    }
}
