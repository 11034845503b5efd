// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheOwner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hides values that nobody but their owner may know; their keys remain. */
enum ValueMask {
    SHOWN,
    MASKED;

    /** As Boot's own endpoints write it. */
    private static final String MASK = "******";

    private static final String IN_USE =
            "The cache is in use. Close it where it is held, or evict it with force=true; nothing has changed";

    static ValueMask of(boolean shown) {
        return shown ? SHOWN : MASKED;
    }

    Map<String, Object> values(Map<String, Object> values) {
        if (this == SHOWN) {
            return values;
        }
        Map<String, Object> masked = new LinkedHashMap<>();
        values.keySet().forEach(key -> masked.put(key, MASK));
        return masked;
    }

    String text(String text) {
        return this == SHOWN ? text : MASK;
    }

    Set<String> texts(Set<String> texts) {
        return this == SHOWN || texts.isEmpty() ? texts : Set.of(MASK);
    }

    List<Map<String, Object>> owners(List<CacheOwner> owners) {
        return owners.stream().map(ValueMask::fields).map(this::values).toList();
    }

    /** What a refused evict is answered with; the exception itself names the owners. */
    String message(CacheInUseException held) {
        return this == SHOWN ? String.valueOf(held.getMessage()) : IN_USE;
    }

    private static Map<String, Object> fields(CacheOwner owner) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", owner.name());
        if (owner.host() != null) {
            fields.put("host", owner.host());
        }
        fields.put("pid", owner.pid());
        fields.put("since", owner.since());
        return fields;
    }
}
