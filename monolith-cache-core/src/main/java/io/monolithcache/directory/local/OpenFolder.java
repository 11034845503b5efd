// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.owner.Uninterruptibly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A folder that is held open; safe for use by several threads, until it is closed. */
record OpenFolder(Path path, SecureDirectoryStream<Path> stream) implements Folder {

    private static final Set<OpenOption> WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    @Override
    public void move(String name, Folder target, String newName) throws IOException {
        if (target instanceof OpenFolder open) {
            stream.move(Path.of(name), open.stream, Path.of(newName));
        } else {
            new NamedFolder(path).move(name, target, newName);
        }
    }

    @Override
    public void deleteFile(String name) throws IOException {
        stream.deleteFile(Path.of(name));
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        stream.deleteDirectory(Path.of(name));
    }

    @Override
    public void write(String name, byte[] text) throws IOException {
        Uninterruptibly.run(() -> {
            try (SeekableByteChannel channel = stream.newByteChannel(Path.of(name), WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(text);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            return name;
        });
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
