// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.workspace;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/**
 * One cache directory for everything that this process needs on the disk besides its jobs:
 *
 * <pre>
 * spool/      what the container spools of an upload, until it is moved into a job
 * server/     Tomcat's base folder
 * documents/  Tomcat's document root; it stays empty, because what lies in it is served
 * library/    DuckDB's native library
 * </pre>
 *
 * <p>Each of these would else lie in the temporary folder, and stay there when the process is killed. Here it goes with
 * the process, however that ends: the cache manager's close wipes it, or the sweep of the next start. Nobody closes the
 * handle by hand, because the web server uses the folders for longer than any bean lives that could do it.
 */
@Component
public class Workspace {

    private final CacheDirectory directory;

    Workspace(CacheManager caches) {
        directory = caches.create(CacheOptions.defaults().metadata("purpose", "workspace"));
    }

    /** What the container spools of an upload. On the same file system as every job: moving is renaming. */
    Path spool() {
        return folder("spool");
    }

    /** Tomcat's base folder. */
    Path server() {
        return folder("server");
    }

    /** Tomcat's document root. */
    Path documents() {
        return folder("documents");
    }

    /** DuckDB's native library. */
    public Path library() {
        return folder("library");
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(directory.path().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
