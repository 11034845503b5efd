// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheRootException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the object {@code format} says:
 *
 * <pre>
 * version=1
 * root=01k8xq7d3v9m2c4n6p8r0s1t5w
 * registry=redis
 * namespace=monolith
 * </pre>
 *
 * @param root a random name of this root: one that was removed and made again is another one
 * @param registry which registry keeps the root; two of them would wipe each other's caches
 * @param namespace which of its namespaces, for the same reason; null if the registry has none
 */
record S3RootFormat(String root, String registry, @Nullable String namespace) {

    static final int VERSION = 1;

    /** @throws CacheRootException if it is of a version that this one does not know */
    static S3RootFormat read(S3Place place, byte[] text) {
        // in which any bytes are a text, so that a damaged one is refused for what it says
        Map<String, String> values = new String(text, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
        String version = values.getOrDefault("version", "");
        if (!version.equals(String.valueOf(VERSION))) {
            throw new CacheRootException(
                    place + S3Layout.FORMAT + " says that the caches there have the format '" + version
                            + "', and this version of Monolith Cache knows " + VERSION + " only.",
                    "Use the version that wrote it, or set monolith.cache.s3.path to another prefix.");
        }
        return new S3RootFormat(
                values.getOrDefault("root", ""), values.getOrDefault("registry", ""), values.get("namespace"));
    }

    byte[] text() {
        String text = "version=" + VERSION + "\nroot=" + root + "\nregistry=" + registry + "\n";
        return (namespace == null ? text : text + "namespace=" + namespace + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
