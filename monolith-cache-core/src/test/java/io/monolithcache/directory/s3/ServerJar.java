// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where the jar of a server for tests is, which is not on the class path of the tests themselves. */
final class ServerJar {

    private ServerJar() {}

    static Path find(String name) {
        String known = System.getProperty(name + ".jar");
        Path jar = known != null ? Path.of(known) : onTheClassPath(name);
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("The server for tests is not at " + jar);
        }
        return jar;
    }

    /** Where an IDE puts it. */
    private static Path onTheClassPath(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> entry.getFileName().toString().startsWith(name + "-"))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("No " + name + " on the class path; set " + name + ".jar"));
    }
}
