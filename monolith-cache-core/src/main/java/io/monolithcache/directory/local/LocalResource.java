// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** A file of a cache directory as Spring's resource: checked before each use, and written as a whole. */
final class LocalResource extends FileSystemResource {

    private final CacheFiles files;
    private final RelativeName name;
    private final Supplier<Path> drafts;
    private final Runnable stillOpen;

    LocalResource(CacheFiles files, RelativeName name, Supplier<Path> drafts, Runnable stillOpen) throws IOException {
        super(files.locate(name));
        this.files = files;
        this.name = name;
        this.drafts = drafts;
        this.stillOpen = stillOpen;
    }

    /** Again before each use, because a link may have been planted on the way since the last. */
    private void check() throws IOException {
        stillOpen.run();
        files.locate(name);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        check();
        return super.getInputStream();
    }

    @Override
    public ReadableByteChannel readableChannel() throws IOException {
        check();
        return super.readableChannel();
    }

    @Override
    public byte[] getContentAsByteArray() throws IOException {
        check();
        return super.getContentAsByteArray();
    }

    @Override
    public String getContentAsString(Charset charset) throws IOException {
        check();
        return super.getContentAsString(charset);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        stillOpen.run();
        return new WholeFile(drafts.get(), files, name, stillOpen);
    }

    @Override
    public WritableByteChannel writableChannel() throws IOException {
        return Channels.newChannel(getOutputStream());
    }

    @Override
    public Resource createRelative(String relativePath) {
        String folder = name.value().substring(0, name.value().lastIndexOf('/') + 1);
        RelativeName sibling = new RelativeName(folder + relativePath);
        return Disk.call("look for " + sibling, () -> new LocalResource(files, sibling, drafts, stillOpen));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
