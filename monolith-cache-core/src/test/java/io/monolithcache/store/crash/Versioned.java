// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Content that tells which version of which key it is, and whether it is whole. */
record Versioned(String key, int version) {

    private static final int MOST = 20_000;
    private static final int RARELY = 16;

    byte[] bytes() {
        Random random = new Random(key.hashCode() * 31L + version);
        byte[] body = new byte[random.nextInt(random.nextInt(RARELY) == 0 ? RARELY * MOST : MOST)];
        random.nextBytes(body);
        byte[] head = (key + "\n" + version + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, bytes, head.length, body.length);
        return bytes;
    }

    /** @throws IllegalStateException if these are not the bytes of any version of that key */
    static Versioned parse(String key, byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, 100), StandardCharsets.ISO_8859_1);
        String[] lines = head.split("\n", 3);
        if (lines.length < 2 || !lines[0].equals(key) || !lines[1].matches("\\d{1,9}")) {
            throw new IllegalStateException("What was read as " + key + " begins with " + head);
        }
        Versioned found = new Versioned(key, Integer.parseInt(lines[1]));
        if (!Arrays.equals(found.bytes(), bytes)) {
            throw new IllegalStateException("What was read as " + found + " has other bytes");
        }
        return found;
    }
}
