// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.s3.S3Objects.Listed;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Spliterators.AbstractSpliterator;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a listing shows of the metadata of one cache.
 *
 * @param marks the keys of the marks that wipes have left
 * @param date when it was answered, by the clock of the store
 */
record MetadataVersions(CacheId id, NavigableMap<Long, Listed> versions, List<String> marks, Instant date) {

    /** The store tells both times to the second: so an age may be a second less than it seems. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private static final int DIGITS = 20;

    static MetadataVersions list(S3Objects objects, CacheId id) {
        String folder = S3Layout.metadata(id);
        Collected collected = new Collected(id);
        Page page = objects.list(folder, null);
        collected.addAll(page);
        while (!page.isLast() && page.end() != null) {
            page = objects.list(folder, page.end());
            collected.addAll(page);
        }
        return collected.at(page.date());
    }

    /**
     * Of all caches in the order of ids, lazily.
     *
     * @param from the first of them; null for all
     */
    static Stream<MetadataVersions> all(S3Objects objects, @Nullable CacheId from) {
        return StreamSupport.stream(new All(objects, from), false);
    }

    boolean isMarked() {
        return !marks.isEmpty();
    }

    boolean hasFirst() {
        return versions.containsKey(1L);
    }

    /** The number of the highest. */
    long number() {
        return versions.isEmpty() ? 0 : versions.lastKey();
    }

    Listed highest() {
        return versions.lastEntry().getValue();
    }

    @Nullable Listed find(long number) {
        return versions.get(number);
    }

    /** Versions that nobody needs: neither the first nor the highest, and their successor is as old as that. */
    List<String> superseded(Duration age) {
        List<String> keys = new ArrayList<>();
        versions.headMap(number()).forEach((number, version) -> {
            Instant replaced = versions.higherEntry(number).getValue().lastModified();
            if (number > 1 && Duration.between(replaced, date).minus(ROUNDING).compareTo(age) >= 0) {
                keys.add(version.key());
            }
        });
        return keys;
    }

    /** The objects of one cache, as they are seen one after the other. */
    private static final class Collected {

        private final CacheId id;
        private final NavigableMap<Long, Listed> versions = new TreeMap<>();
        private final List<String> marks = new ArrayList<>();

        Collected(CacheId id) {
            this.id = id;
        }

        void addAll(Page page) {
            page.objects().forEach(this::add);
        }

        void add(Listed object) {
            if (object.key().startsWith(S3Layout.mark(id, ""))) {
                marks.add(object.key());
            }
            long number = number(object.key());
            if (number > 0) {
                versions.put(number, object);
            }
        }

        MetadataVersions at(Instant date) {
            return new MetadataVersions(id, versions, marks, date);
        }
    }

    /** 0 if this is none of ours. */
    private static long number(String key) {
        String digits = key.substring(key.lastIndexOf('/') + 1);
        boolean ours = digits.length() == DIGITS && digits.charAt(0) == '0';
        return ours && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9') ? Long.parseLong(digits) : 0;
    }

    private static final class All extends AbstractSpliterator<MetadataVersions> {

        private final S3Objects objects;
        private @Nullable String after;
        private @Nullable Page page;
        private Iterator<Listed> rest = List.<Listed>of().iterator();
        private @Nullable Collected current;

        All(S3Objects objects, @Nullable CacheId from) {
            super(Long.MAX_VALUE, 0);
            this.objects = objects;
            this.after = from == null ? null : S3Layout.METADATA + from;
        }

        @Override
        public boolean tryAdvance(Consumer<? super MetadataVersions> action) {
            while (next()) {
                Listed object = rest.next();
                CacheId id = id(object.key());
                if (id == null) {
                    continue;
                }
                Collected before = current;
                boolean isNext = before == null || !before.id.equals(id);
                Collected now = before == null || isNext ? new Collected(id) : before;
                now.add(object);
                current = now;
                if (isNext && before != null && page != null) {
                    action.accept(before.at(page.date()));
                    return true;
                }
            }
            Collected last = current;
            current = null;
            if (last == null || page == null) {
                return false;
            }
            action.accept(last.at(page.date()));
            return true;
        }

        private boolean next() {
            while (!rest.hasNext()) {
                if (page != null && (page.isLast() || page.end() == null)) {
                    return false;
                }
                page = objects.list(S3Layout.METADATA, page == null ? after : page.end());
                rest = page.objects().iterator();
            }
            return true;
        }

        private static @Nullable CacheId id(String key) {
            int end = key.indexOf('/', S3Layout.METADATA.length());
            String name = end < 0 ? "" : key.substring(S3Layout.METADATA.length(), end);
            return CacheId.isValid(name) ? CacheId.of(name) : null;
        }
    }

    /**
     * What one version says: in a line of its own who wrote it, then the metadata as JSON, or that the cache was
     * removed.
     */
    static final class Version {

        private static final int STAMP = 16;
        private static final String REMOVED = "removed";
        static final int REMOVED_SIZE = STAMP + 1 + REMOVED.length();

        private final byte[] text;
        private final @Nullable Map<String, Object> metadata;

        private Version(byte[] text, @Nullable Map<String, Object> metadata) {
            this.text = text;
            this.metadata = metadata;
        }

        byte[] text() {
            return text;
        }

        /** Whether it cannot be read as metadata. */
        boolean isDamaged() {
            return metadata == null;
        }

        /** @throws IllegalArgumentException if that is no JSON */
        static Version of(Map<String, Object> metadata) {
            byte[] json = MetadataJson.write(metadata);
            return new Version(stamped(json), MetadataJson.read(json));
        }

        static Version removed() {
            return new Version(stamped(REMOVED.getBytes(StandardCharsets.US_ASCII)), null);
        }

        static Version read(byte[] text) {
            byte[] json = text.length > STAMP && text[STAMP] == '\n'
                    ? Arrays.copyOfRange(text, STAMP + 1, text.length)
                    : new byte[0];
            return new Version(text, MetadataJson.read(json));
        }

        private static byte[] stamped(byte[] content) {
            String stamp =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + "\n";
            byte[] text = Arrays.copyOf(stamp.getBytes(StandardCharsets.US_ASCII), STAMP + 1 + content.length);
            System.arraycopy(content, 0, text, STAMP + 1, content.length);
            return text;
        }

        boolean saysRemoved() {
            return text.length == REMOVED_SIZE
                    && new String(text, StandardCharsets.ISO_8859_1).endsWith("\n" + REMOVED);
        }

        boolean isSameWrite(Version other) {
            return Arrays.equals(text, other.text);
        }

        Map<String, Object> orEmpty() {
            return metadata == null ? Map.of() : metadata;
        }
    }
}
