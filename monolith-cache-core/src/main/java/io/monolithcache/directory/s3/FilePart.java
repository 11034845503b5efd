// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A piece of a local file; lets go of the file when it was read. Not over a channel, which an interrupt would close:
 * the client interrupts what takes too long.
 */
final class FilePart extends InputStream {

    private final Path path;
    private final RandomAccessFile file;
    private long left;

    FilePart(Path path, long start, long size) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.left = size;
        file.seek(start);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int count = file.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException(path + " has become shorter");
        }
        left -= count;
        if (left == 0) {
            file.close();
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
