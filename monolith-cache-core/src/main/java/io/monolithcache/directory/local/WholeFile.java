// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.RelativeName;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is written under another name, and appears whole under its own when the stream is closed. */
final class WholeFile extends FilterOutputStream {

    private final Path draft;
    private final CacheFiles files;
    private final RelativeName name;
    private final Runnable stillOpen;
    private boolean failed;
    private boolean closed;

    /** @param stillOpen throws if the file may not appear any more */
    WholeFile(Path draft, CacheFiles files, RelativeName name, Runnable stillOpen) throws IOException {
        super(open(draft, name));
        this.draft = draft;
        this.files = files;
        this.name = name;
        this.stillOpen = stillOpen;
    }

    private static OutputStream open(Path draft, RelativeName name) throws IOException {
        try {
            return Files.newOutputStream(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException failure) {
            throw Disk.ioFailure("write " + name, failure);
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException failure) {
            // what was written so far is not the whole file
            failed = true;
            throw Disk.ioFailure("write " + name, failure);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            out.close();
            if (!failed) {
                stillOpen.run();
                files.publish(draft, name);
            }
        } catch (IOException failure) {
            throw Disk.ioFailure("write " + name, failure);
        } finally {
            Files.deleteIfExists(draft);
        }
        if (failed) {
            throw new IOException(name + " was not written, because writing it failed before");
        }
    }
}
