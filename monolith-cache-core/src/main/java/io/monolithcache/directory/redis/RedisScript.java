// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** The scripts beside this class, each behind the prelude that all of them begin with. */
enum RedisScript {
    LEASE,
    BEAT,
    LEAVE,
    VACATE,
    CREATE,
    ATTACH,
    DETACH,
    REGISTER,
    RELEASE,
    LOCK,
    UNLOCK,
    EVICT,
    EVICT_FORCIBLY,
    STILL,
    FORGET,
    FIND,
    PAGE,
    REST,
    BEGIN,
    PEEK,
    DEAD,
    DECIDE,
    SWEPT;

    private static final String PRELUDE = "prelude";

    private final String text = read(PRELUDE) + read(command());
    private final String digest = sha1(text);

    /** The script's name, as metrics and messages have it. */
    String command() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String text() {
        return text;
    }

    /** By which Redis knows a script that it has been given before. */
    String digest() {
        return digest;
    }

    private static String read(String name) {
        try (InputStream in = RedisScript.class.getResourceAsStream(name + ".lua")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK knows SHA-1", impossible);
        }
    }
}
