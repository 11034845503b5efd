// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder by its path: before it was opened, and where the system cannot work on an open folder. */
record NamedFolder(Path path) implements Folder {

    @Override
    public void move(String name, Folder target, String newName) throws IOException {
        Files.move(path.resolve(name), target.path().resolve(newName), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void deleteFile(String name) throws IOException {
        Files.delete(path.resolve(name));
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        Files.delete(path.resolve(name));
    }

    @Override
    public void write(String name, byte[] text) throws IOException {
        // a stream and not a channel, which an interrupt of this thread would close
        try (OutputStream out = Files.newOutputStream(path.resolve(name))) {
            out.write(text);
        }
    }

    @Override
    public void close() {
        // nothing is open
    }
}
