// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.WritableResource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** A file of a cache directory in S3 as Spring's resource; it is written as a whole. */
final class S3Resource extends AbstractResource implements WritableResource {

    /** What a resource asks of the storage. */
    interface File {

        URI location();

        @Nullable HeadObjectResponse head();

        InputStream read() throws IOException;

        OutputStream write() throws IOException;

        Resource relative(String path);
    }

    private final File file;

    S3Resource(File file) {
        this.file = file;
    }

    @Override
    public boolean exists() {
        return file.head() != null;
    }

    @Override
    public URI getURI() {
        return file.location();
    }

    @Override
    public String getFilename() {
        String path = file.location().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String getDescription() {
        return "S3 object [" + file.location() + "]";
    }

    @Override
    public long contentLength() throws IOException {
        return require().contentLength();
    }

    @Override
    public long lastModified() throws IOException {
        return require().lastModified().toEpochMilli();
    }

    private HeadObjectResponse require() throws IOException {
        HeadObjectResponse head;
        try {
            head = file.head();
        } catch (CacheBackendException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (head == null) {
            throw new FileNotFoundException(file.location() + " is not there");
        }
        return head;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return file.read();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return file.write();
    }

    @Override
    public Resource createRelative(String relativePath) {
        return file.relative(relativePath);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof S3Resource resource && resource.file.location().equals(file.location());
    }

    @Override
    public int hashCode() {
        return file.location().hashCode();
    }
}
