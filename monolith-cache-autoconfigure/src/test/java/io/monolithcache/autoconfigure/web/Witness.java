// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What was seen of the directory of each request, by the name that the client gave the request. */
final class Witness {

    static final String HEADER = "X-Row";

    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    Seen of(String row) {
        return seen.computeIfAbsent(row, name -> new Seen());
    }

    /** One request, its directory, and the bytes of its response. */
    static final class Seen {

        private static final int CHUNK = 8192;

        private volatile CacheId id;
        private volatile Path path;
        final AtomicInteger writes = new AtomicInteger();
        final AtomicInteger writesWithoutDirectory = new AtomicInteger();

        /** Makes the directory, with the file that the response is made of. */
        void use(CacheDirectory directory, int size) {
            id = directory.id();
            path = directory.path();
            try {
                Files.write(file(), content(size));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        static byte[] content(int size) {
            byte[] content = new byte[size];
            for (int i = 0; i < size; i++) {
                content[i] = (byte) i;
            }
            return content;
        }

        Path file() {
            return path.resolve("body.bin");
        }

        CacheId id() {
            return id;
        }

        boolean isUsed() {
            return path != null;
        }

        boolean isGone() {
            return !Files.exists(path);
        }

        void wrote() {
            if (path != null) {
                writes.incrementAndGet();
                if (isGone()) {
                    writesWithoutDirectory.incrementAndGet();
                }
            }
        }

        byte[] bytes() throws IOException {
            return Files.readAllBytes(file());
        }

        /** Reads while it writes; the file is opened for each piece, so that one that is gone is noticed. */
        void copy(OutputStream out, int length) throws IOException {
            for (int at = 0; at < length; at += CHUNK) {
                out.write(piece(at, Math.min(CHUNK, length - at)));
                if (at == 0) {
                    out.flush();
                }
            }
        }

        byte[] piece(int at, int length) throws IOException {
            try (InputStream in = Files.newInputStream(file())) {
                in.skipNBytes(at);
                return in.readNBytes(length);
            }
        }
    }
}
