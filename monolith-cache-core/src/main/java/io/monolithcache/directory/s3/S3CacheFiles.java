// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.RelativeName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.WritableResource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What is done with the files of caches: read, written, copied to this machine and from it. */
final class S3CacheFiles implements AutoCloseable {

    private final S3Objects objects;
    private final Predicate<CacheId> isThere;
    private final Supplier<String> owner;
    private final S3Files files;
    private final Transfers transfers;
    private final S3Upload uploads;
    private final S3Download downloads;
    private final LocalCopies copies;
    private final int mostInMemory;

    /**
     * @param scratch asked for a local folder when one is first needed
     * @param isThere whether there is such a cache
     * @param owner in whose name uploads are noted
     */
    S3CacheFiles(
            S3Objects objects,
            S3TransferSettings settings,
            Supplier<Path> scratch,
            Predicate<CacheId> isThere,
            Supplier<String> owner) {
        this.objects = objects;
        this.isThere = isThere;
        this.owner = owner;
        this.files = new S3Files(objects);
        this.transfers = new Transfers(settings.connections());
        this.uploads = new S3Upload(objects, transfers, settings);
        this.downloads = new S3Download(objects, transfers, settings);
        this.copies = new LocalCopies(scratch);
        this.mostInMemory = settings.partSize();
    }

    WritableResource resource(CacheId id, RelativeName name, Runnable stillOpen) {
        return new S3Resource(new FileOfACache(id, name, stillOpen));
    }

    /** All of a cache, lazily. */
    Stream<String> names(CacheId id) {
        requireThere(id);
        return files.names(id);
    }

    boolean exists(CacheId id, RelativeName name) {
        return head(id, name) != null;
    }

    /** Null if there is no such file, or no such cache any more: then its files are about to go. */
    private @Nullable HeadObjectResponse head(CacheId id, RelativeName name) {
        HeadObjectResponse head = files.head(files.key(id, name));
        return head != null && isThere.test(id) ? head : null;
    }

    private void requireThere(CacheId id) {
        if (!isThere.test(id)) {
            throw new CacheNotFoundException(id);
        }
    }

    void delete(CacheId id, RelativeName name) {
        objects.delete(files.key(id, name));
    }

    Path download(CacheId id, RelativeName name) {
        String key = files.key(id, name);
        try {
            return copies.get(id, name, (target, known) -> downloads.fetch(id, key, target, known));
        } catch (FileNotFoundException missing) {
            requireThere(id);
            throw new CacheBackendException(
                    "There is no file '" + name + "' in cache " + id + "; exists() and resources() tell what is there",
                    missing);
        } catch (IOException failure) {
            throw new CacheBackendException(
                    "Could not copy '" + name + "' of cache " + id + " to this machine. " + failure.getMessage(),
                    failure);
        }
    }

    void upload(CacheId id, Path source, RelativeName name, Runnable stillOpen) {
        if (Files.notExists(source)) {
            throw new IllegalArgumentException(
                    "The file " + source + ", to be copied to " + name + " in cache " + id + ", is not there");
        }
        if (Files.isDirectory(source)) {
            throw new IllegalArgumentException(source + " is a directory, not a file");
        }
        try {
            target(id, name, stillOpen).copy(source);
        } catch (IOException failure) {
            throw new CacheBackendException(
                    "Could not copy " + source + " to " + name + " in cache " + id + ". " + failure.getMessage(),
                    failure);
        }
    }

    private S3Upload.Target target(CacheId id, RelativeName name, Runnable stillOpen) {
        return uploads.target(id, files.key(id, name), owner.get(), () -> {
            stillOpen.run();
            requireThere(id);
        });
    }

    CacheUsage usage(CacheId id) {
        requireThere(id);
        return files.usage(id);
    }

    long changes(CacheId id) {
        requireThere(id);
        return files.changes(id);
    }

    void deleteAll(CacheId id) {
        files.deleteAll(id);
    }

    /** Nobody here works with the cache any more: local copies go. */
    void letGo(CacheId id) {
        copies.letGo(id);
    }

    @Override
    public void close() {
        transfers.close();
        copies.close();
    }

    /** One file, as a resource sees it. */
    private final class FileOfACache implements S3Resource.File {

        private final CacheId id;
        private final RelativeName name;
        private final Runnable stillOpen;
        private final String key;

        FileOfACache(CacheId id, RelativeName name, Runnable stillOpen) {
            this.id = id;
            this.name = name;
            this.stillOpen = stillOpen;
            this.key = files.key(id, name);
        }

        @Override
        public URI location() {
            return objects.place().uri(key);
        }

        @Override
        public @Nullable HeadObjectResponse head() {
            return S3CacheFiles.this.head(id, name);
        }

        @Override
        public InputStream read() throws IOException {
            stillOpen.run();
            return new ObjectStream(objects, id, key);
        }

        @Override
        public OutputStream write() {
            stillOpen.run();
            return new UploadStream(target(id, name, stillOpen), new PartBuffer(mostInMemory, copies::draft));
        }

        @Override
        public Resource relative(String path) {
            String folder = name.value().substring(0, name.value().lastIndexOf('/') + 1);
            return resource(id, new RelativeName(folder + path), stillOpen);
        }
    }
}
