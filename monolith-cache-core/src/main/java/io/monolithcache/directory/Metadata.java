// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code meta.json} holds: {@code id} and {@code createdAt}, written by us, and what the user put beside them.
 * Whatever is missing, because somebody destroyed the file, is made up from the id.
 */
final class Metadata {

    private static final String ID = "id";
    private static final String CREATED_AT = "createdAt";
    private static final String LOCKED = "locked";
    private static final Set<String> RESERVED = Set.of(ID, CREATED_AT, LOCKED);
    private static final int LONGEST_KEY = 256;

    private Metadata() {}

    /** The first metadata of a cache. @throws IllegalArgumentException if a key or a value of the user is refused */
    static Map<String, Object> initial(CacheId id, Map<String, Object> user) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(ID, id.value());
        all.put(CREATED_AT, id.time().toString());
        user.forEach((key, value) -> {
            requireFree(key);
            all.put(key, normalize(key, value));
        });
        return all;
    }

    static Map<String, Object> snapshot(CacheId id, Map<String, Object> stored, boolean locked) {
        Map<String, Object> all = own(id, stored);
        all.put(LOCKED, locked);
        all.putAll(user(stored));
        return Collections.unmodifiableMap(all);
    }

    static Map<String, Object> with(CacheId id, Map<String, Object> stored, String key, Object value) {
        Map<String, Object> all = own(id, stored);
        all.putAll(user(stored));
        all.put(key, value);
        return all;
    }

    static Map<String, Object> without(CacheId id, Map<String, Object> stored, String key) {
        Map<String, Object> all = own(id, stored);
        all.putAll(user(stored));
        all.remove(key);
        return all;
    }

    /** Only what the user put. */
    static Map<String, Object> user(Map<String, Object> stored) {
        Map<String, Object> user = new LinkedHashMap<>(stored);
        user.keySet().removeAll(RESERVED);
        return Collections.unmodifiableMap(user);
    }

    /** With a lock until then, or for ever, unless it has a longer one. */
    static Map<String, Object> locked(CacheId id, Map<String, Object> stored, @Nullable Instant until) {
        Object known = stored.get(LOCKED);
        Instant end = lockEnd(stored);
        boolean longer = Boolean.TRUE.equals(known) || (end != null && until != null && end.isAfter(until));
        Map<String, Object> all = with(id, stored, LOCKED, until == null ? true : until.toString());
        if (longer) {
            all.put(LOCKED, Objects.requireNonNull(known));
        }
        return all;
    }

    static Map<String, Object> unlocked(CacheId id, Map<String, Object> stored) {
        return without(id, stored, LOCKED);
    }

    /** Whether a lock that is noted here still stands. */
    static boolean isLocked(Map<String, Object> stored, Instant now) {
        Instant end = lockEnd(stored);
        return end == null ? Boolean.TRUE.equals(stored.get(LOCKED)) : end.isAfter(now);
    }

    /** The end of the lock that is noted here; null if it has none, or there is none. */
    static @Nullable Instant lockEnd(Map<String, Object> stored) {
        return stored.get(LOCKED) instanceof String text ? instant(text) : null;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException damaged) {
            return null;
        }
    }

    static Instant createdAt(CacheId id, Map<String, Object> stored) {
        Instant known = stored.get(CREATED_AT) instanceof String text ? instant(text) : null;
        return known == null ? id.time() : known;
    }

    private static Map<String, Object> own(CacheId id, Map<String, Object> stored) {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put(ID, id.value());
        own.put(CREATED_AT, createdAt(id, stored).toString());
        Object locked = stored.get(LOCKED);
        if (locked != null) {
            // registries that can forget a lock keep it here too, see DirectoryStorage.Look
            own.put(LOCKED, locked);
        }
        return own;
    }

    /** @throws IllegalArgumentException if the key is reserved, empty or too long */
    static void requireFree(String key) {
        if (RESERVED.contains(key)) {
            throw new IllegalArgumentException("The metadata key '" + key + "' is reserved");
        }
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "A metadata key has 1 to " + LONGEST_KEY + " characters, not " + key.length());
        }
    }

    /** @throws IllegalArgumentException if the value is none of JSON's */
    static Object normalize(String key, Object value) {
        Objects.requireNonNull(value, "value");
        return Objects.requireNonNull(MetadataJson.normalize(Map.of(key, value)).get(key));
    }
}
