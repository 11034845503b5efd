// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** The text of {@link JsonIndex}. */
final class JsonCodec implements TextCodec {

    private static final int VERSION = 1;

    /** Entries are written one by one, as if each were a document. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator(",\n")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    @Override
    public String name() {
        return "json";
    }

    @Override
    public void write(TextList list, Writer text) throws IOException {
        text.write("{\"version\":" + VERSION + ",\"completeAt\":" + list.completeAt() + ",\"entries\":[\n");
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            for (IndexedEntry entry : list.entries().values()) {
                write(entry, json);
            }
        } catch (JacksonException failure) {
            throw ioFailure(failure);
        }
        text.write("\n]}\n");
    }

    private static void write(IndexedEntry entry, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("hash", entry.hash().toString());
        json.writeStringProperty("key", entry.key());
        json.writeNumberProperty("length", entry.length());
        json.writeNumberProperty("bytes", entry.bytes());
        json.writeNumberProperty("createdAt", entry.createdAt());
        json.writeNumberProperty("accessedAt", entry.accessedAt());
        json.writeNumberProperty("hits", entry.hits());
        json.writeBooleanProperty("locked", entry.locked());
        json.writeArrayPropertyStart("tags");
        entry.tags().stream().sorted().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public TextList read(Reader text) throws IOException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            return read(json);
        } catch (JacksonException damaged) {
            throw ioFailure(damaged);
        }
    }

    private static TextList read(JsonParser json) {
        require(json.nextToken() == JsonToken.START_OBJECT, json);
        require(number("version", json) == VERSION, json);
        long completeAt = number("completeAt", json);
        property("entries", json);
        require(json.nextToken() == JsonToken.START_ARRAY, json);
        NavigableMap<EntryHash, IndexedEntry> entries = new TreeMap<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            IndexedEntry entry = entry(json);
            require(entries.put(entry.hash(), entry) == null, json);
        }
        require(json.nextToken() == JsonToken.END_OBJECT && json.nextToken() == null, json);
        return new TextList(entries, completeAt);
    }

    private static IndexedEntry entry(JsonParser json) {
        require(json.currentToken() == JsonToken.START_OBJECT, json);
        IndexedEntry entry = new IndexedEntry(
                EntryHash.parse(text("hash", json)),
                text("key", json),
                number("length", json),
                number("bytes", json),
                number("createdAt", json),
                number("accessedAt", json),
                number("hits", json),
                isTrue("locked", json),
                texts("tags", json));
        require(json.nextToken() == JsonToken.END_OBJECT, json);
        return entry;
    }

    private static void property(String name, JsonParser json) {
        require(json.nextToken() == JsonToken.PROPERTY_NAME && name.equals(json.currentName()), json);
    }

    private static long number(String name, JsonParser json) {
        property(name, json);
        require(json.nextToken() == JsonToken.VALUE_NUMBER_INT, json);
        return json.getLongValue();
    }

    private static String text(String name, JsonParser json) {
        property(name, json);
        require(json.nextToken() == JsonToken.VALUE_STRING, json);
        return json.getString();
    }

    private static boolean isTrue(String name, JsonParser json) {
        property(name, json);
        JsonToken value = json.nextToken();
        require(value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE, json);
        return value == JsonToken.VALUE_TRUE;
    }

    private static Set<String> texts(String name, JsonParser json) {
        property(name, json);
        require(json.nextToken() == JsonToken.START_ARRAY, json);
        Set<String> texts = new HashSet<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING, json);
            texts.add(json.getString());
        }
        return texts;
    }

    private static void require(boolean condition, JsonParser json) {
        if (!condition) {
            throw new IllegalArgumentException("something else than a list of version " + VERSION + " in line "
                    + json.currentTokenLocation().getLineNr());
        }
    }

    /** What the file itself failed with, or what is wrong with the text. */
    private static IOException ioFailure(JacksonException failure) {
        @Nullable Throwable cause = failure.getCause();
        return cause instanceof IOException io ? io : new IOException(failure.getOriginalMessage(), failure);
    }
}
