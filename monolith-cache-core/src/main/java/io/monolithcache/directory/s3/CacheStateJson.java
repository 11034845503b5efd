// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.MetadataJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A state as the text of an object. Its fields but the metadata are read by whoever knows this format; what others add
 * beside them is passed over.
 *
 * <pre>{@code
 * {"format":1,"phase":"live","owners":{"4711-1795178595000-5f0c7a9be21d4c36":"web-1"},"lock":"2026-12-01T10:00:00Z",
 *  "metadata":{"id":"01kb9…","createdAt":"2026-11-30T21:00:00Z","colour":"green"}}
 * }</pre>
 */
final class CacheStateJson {

    /** A change that older code cannot read takes the next number. */
    static final int FORMAT = 1;

    private static final String FOR_EVER = "for-ever";
    private static final JsonFactory JSON = new JsonFactory();

    private CacheStateJson() {}

    /** @throws IllegalArgumentException if the metadata are no JSON, or too large */
    static byte[] write(CacheState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeName("format");
            json.writeNumber(FORMAT);
            json.writeName("phase");
            json.writeString(state.phase().name().toLowerCase(Locale.ROOT));
            json.writeName("owners");
            json.writeStartObject();
            state.owners().forEach((owner, host) -> {
                json.writeName(owner);
                json.writeString(host);
            });
            json.writeEndObject();
            Instant lock = state.lockedUntil();
            if (lock != null) {
                json.writeName("lock");
                json.writeString(lock.equals(CacheState.FOR_EVER) ? FOR_EVER : lock.toString());
            }
            json.writeName("metadata");
            // its own text, because it has a limit of depth of its own
            json.writeRawValue(new String(MetadataJson.write(state.metadata()), StandardCharsets.UTF_8));
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** @throws CacheBackendException if it is none of ours, or of a newer format */
    static CacheState read(String key, byte[] text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            return new Reader(text, json).read();
        } catch (JacksonException | DateTimeException | IllegalArgumentException damaged) {
            throw new CacheBackendException(
                    "The object " + key + " is no state of a cache (" + damaged.getMessage()
                            + "). Somebody has changed it, or the prefix is not ours alone",
                    damaged);
        }
    }

    private static final class Reader {

        private final byte[] text;
        private final JsonParser json;
        private int format;
        private CacheState.@Nullable Phase phase;
        private final Map<String, String> owners = new LinkedHashMap<>();
        private @Nullable Instant lock;
        private Map<String, Object> metadata = Map.of();

        Reader(byte[] text, JsonParser json) {
            this.text = text;
            this.json = json;
        }

        CacheState read() {
            require(json.nextToken() == JsonToken.START_OBJECT, "it is no object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                field(name);
            }
            require(format > 0 && phase != null, "it has no format or phase");
            return new CacheState(Objects.requireNonNull(phase), owners, lock, metadata);
        }

        private void field(String name) {
            switch (name) {
                case "format" -> readFormat();
                case "phase" ->
                    phase = CacheState.Phase.valueOf(json.getString().toUpperCase(Locale.ROOT));
                case "owners" -> readOwners();
                case "lock" -> {
                    String end = json.getString();
                    lock = end.equals(FOR_EVER) ? CacheState.FOR_EVER : Instant.parse(end);
                }
                case "metadata" -> readMetadata();
                default -> json.skipChildren();
            }
        }

        private void readFormat() {
            format = json.getIntValue();
            if (format > FORMAT) {
                throw new CacheBackendException(
                        "A newer version of Monolith Cache keeps caches under this prefix (format " + format
                                + ", this one knows " + FORMAT + "). Upgrade this application, or give it another"
                                + " prefix",
                        null);
            }
        }

        private void readOwners() {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String owner = json.currentName();
                json.nextToken();
                owners.put(owner, json.getString());
            }
        }

        private void readMetadata() {
            int start = (int) json.currentTokenLocation().getByteOffset();
            json.skipChildren();
            int end = (int) json.currentLocation().getByteOffset();
            Map<String, Object> read = MetadataJson.read(Arrays.copyOfRange(text, start, end));
            require(read != null, "its metadata are damaged");
            metadata = Objects.requireNonNull(read);
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
