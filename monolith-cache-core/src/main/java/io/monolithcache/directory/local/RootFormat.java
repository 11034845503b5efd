// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheRootException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code .monolith/format} says:
 *
 * <pre>
 * version=1
 * root=01k8xq7d3v9m2c4n6p8r0s1t5w
 * registry=redis
 * namespace=monolith
 * </pre>
 *
 * @param root a random name of this root: a root that was removed and made again is another one
 * @param registry which registry keeps the root; two of them would wipe each other's caches
 * @param namespace which of its namespaces, for the same reason; null if the registry has none, or did not say so yet
 */
record RootFormat(String root, String registry, @Nullable String namespace) {

    static final int VERSION = 1;

    private static final String NAMESPACE = "namespace";

    /** Whether both tell of the same root; its namespace may have been noted meanwhile. */
    boolean isSameRoot(RootFormat other) {
        return root.equals(other.root) && registry.equals(other.registry);
    }

    static Optional<RootFormat> read(Path file) throws IOException {
        String text;
        try {
            // in which any bytes are a text, so that a damaged one is refused for what it says
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        Map<String, String> values = text.lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
        String version = values.getOrDefault("version", "");
        if (!version.equals(String.valueOf(VERSION))) {
            throw new CacheRootException(
                    file + " says that the cache root has the format '" + version
                            + "', and this version of Monolith Cache knows " + VERSION + " only.",
                    "Use the version that wrote it, or set monolith.cache.local.path to another folder.");
        }
        return Optional.of(new RootFormat(
                values.getOrDefault("root", ""), values.getOrDefault("registry", ""), values.get(NAMESPACE)));
    }

    /**
     * Makes the file appear whole, unless there is one already; a link is created or refused, never replaced.
     *
     * @param trash for the draft: a process that is killed meanwhile leaves it to a sweep
     */
    static void create(Path file, Path trash, RootFormat format) throws IOException {
        write(trash, format.text(), draft -> {
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException another) {
                // somebody was faster: his format counts
            }
        });
    }

    /** Adds the namespace to a file that does not name one, in one step; whatever else it says stays. */
    static void note(Path file, Path trash, String namespace) throws IOException {
        String known = Files.readString(file, StandardCharsets.ISO_8859_1);
        String end = known.endsWith("\n") ? "" : "\n";
        write(
                trash,
                known + end + NAMESPACE + "=" + namespace + "\n",
                draft -> Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE));
    }

    @FunctionalInterface
    private interface Step {
        void run(Path draft) throws IOException;
    }

    private static void write(Path trash, String text, Step publish) throws IOException {
        Path draft = Files.createTempFile(trash, "format-", null);
        try {
            Files.write(draft, text.getBytes(StandardCharsets.ISO_8859_1));
            publish.run(draft);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private String text() {
        String text = "version=" + VERSION + "\nroot=" + root + "\nregistry=" + registry + "\n";
        return namespace == null ? text : text + NAMESPACE + "=" + namespace + "\n";
    }
}
