// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file whose length is not known. What fits into one part is sent when the stream closes; what does not goes
 * part by part, and appears when it closes. It holds one part in memory.
 */
final class UploadStream extends OutputStream {

    private final S3Upload.Target target;
    private final PartBuffer buffer;
    private final MessageDigest digest = Checksum.begin();
    private final Map<String, String> metadata = StoredChecksums.later();
    private @Nullable MultipartUpload upload;
    private int number = 1;
    private boolean ended;

    UploadStream(S3Upload.Target target, PartBuffer buffer) {
        this.target = target;
        this.buffer = buffer;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (ended) {
            throw new IOException("The stream to " + target.key() + " was closed, or has failed");
        }
        try {
            int written = 0;
            while (written < length) {
                if (buffer.length() == partSize()) {
                    MultipartUpload unused = sendPart();
                }
                int count = (int) Math.min(length - written, partSize() - buffer.length());
                buffer.write(bytes, offset + written, count);
                digest.update(bytes, offset + written, count);
                written += count;
            }
        } catch (IOException | RuntimeException failure) {
            giveUp(failure);
            throw failure;
        }
    }

    private long partSize() {
        return target.sizes().ofStream(number);
    }

    private MultipartUpload sendPart() throws IOException {
        MultipartUpload begun = upload;
        if (begun == null) {
            begun = target.begin(metadata);
            upload = begun;
        }
        begun.part(number++, buffer.length(), buffer.body());
        target.tell(buffer.length(), -1);
        buffer.clear();
        return begun;
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        try {
            if (upload == null) {
                target.put(buffer.memory(), (int) buffer.length());
            } else {
                MultipartUpload last = sendPart();
                target.writeChecksum(metadata, Checksum.end(digest));
                target.requireThere();
                last.complete();
            }
            ended = true;
            buffer.close();
        } catch (CacheException failure) {
            giveUp(failure);
            throw new IOException(failure.getMessage(), failure);
        } catch (IOException | RuntimeException failure) {
            giveUp(failure);
            throw failure;
        }
    }

    private void giveUp(Exception failure) {
        ended = true;
        try {
            buffer.close();
        } catch (IOException another) {
            failure.addSuppressed(another);
        }
        MultipartUpload begun = upload;
        if (begun != null) {
            begun.abort(failure);
        }
    }
}
