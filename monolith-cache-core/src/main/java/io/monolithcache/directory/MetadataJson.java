// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Internal: metadata as JSON text. Written with Jackson's streaming core alone, because databind on an application's
 * class path could change its HTTP converters.
 */
public final class MetadataJson {

    /** The most that a text may have; what is larger is none of ours, and not worth the memory. */
    public static final int MOST_BYTES = 1024 * 1024;

    private static final int DEEPEST = 100;
    private static final JsonFactory JSON = JsonFactory.builder()
            // what could not be written again is not read either
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private MetadataJson() {}

    /**
     * The values as JSON text.
     *
     * @throws IllegalArgumentException if a value is none of JSON's, or all together are too large
     */
    public static byte[] write(Map<String, Object> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            writeObject(json, metadata, 0);
        } catch (JacksonException refused) {
            throw new IllegalArgumentException("Metadata that are no JSON: " + refused.getOriginalMessage(), refused);
        }
        if (bytes.size() > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "Metadata of a cache take at most " + MOST_BYTES + " bytes, not " + bytes.size());
        }
        return bytes.toByteArray();
    }

    /**
     * The values as they are after a round trip through JSON, deeply immutable.
     *
     * @throws IllegalArgumentException as {@link #write}
     */
    public static Map<String, Object> normalize(Map<String, Object> metadata) {
        Map<String, Object> read = read(write(metadata));
        if (read == null) {
            throw new IllegalArgumentException("Metadata that cannot be read again");
        }
        return read;
    }

    /** The object, deeply immutable; null if this is not the text of one. */
    public static @Nullable Map<String, Object> read(byte[] text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, Object> object = readObject(json);
            return json.nextToken() == null ? object : null;
        } catch (JacksonException damaged) {
            return null;
        }
    }

    private static void writeObject(JsonGenerator json, Map<?, ?> object, int depth) {
        json.writeStartObject();
        object.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("A metadata map has a key that is not a String: " + key);
            }
            json.writeName(name);
            writeValue(json, value, depth + 1);
        });
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, @Nullable Object value, int depth) {
        if (depth > DEEPEST || (depth == DEEPEST && (value instanceof Map || value instanceof Collection))) {
            throw new IllegalArgumentException("Metadata are nested deeper than " + DEEPEST);
        }
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            writeObject(json, map, depth);
        } else if (value instanceof Collection<?> list) {
            json.writeStartArray();
            list.forEach(element -> writeValue(json, element, depth + 1));
            json.writeEndArray();
        } else if (!writeScalar(json, value)) {
            throw new IllegalArgumentException("Metadata are JSON values (text, numbers, booleans, lists, maps), not "
                    + value.getClass().getName() + ". Convert it first, for instance to text");
        }
    }

    private static boolean writeScalar(JsonGenerator json, Object value) {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("JSON has no number for " + number);
            }
            json.writeNumber(number);
        } else if (value instanceof java.math.BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof java.math.BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof Number number && isIntegral(number)) {
            json.writeNumber(number.longValue());
        } else {
            return false;
        }
        return true;
    }

    private static boolean isIntegral(Number number) {
        return number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte;
    }

    private static Map<String, Object> readObject(JsonParser json) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            object.put(name, readValue(json));
        }
        return Collections.unmodifiableMap(object);
    }

    private static List<@Nullable Object> readArray(JsonParser json) {
        List<@Nullable Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(readValue(json));
        }
        return Collections.unmodifiableList(array);
    }

    private static @Nullable Object readValue(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> readObject(json);
            case START_ARRAY -> readArray(json);
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> finite(json);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> json.getString();
        };
    }

    private static Number finite(JsonParser json) {
        Number number = json.getNumberValue();
        if (!Double.isFinite(number.doubleValue())) {
            throw new StreamReadException(json, "a number beyond those of JSON");
        }
        return number;
    }
}
