// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.sample.WorkingDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Opens databases in memory, each locked into one directory. */
@Component
class DuckDb {

    private final CacheManager caches;
    private final ProfileProperties properties;
    private @Nullable Loaded loaded;

    DuckDb(CacheManager caches, ProfileProperties properties) {
        this.caches = caches;
        this.properties = properties;
    }

    /** @param folder of the native library, held until the process ends, however it ends */
    private record Loaded(Driver driver, CacheDirectory folder) {}

    /**
     * A new database, which reads and writes in this directory only, and spills there what does not fit into memory.
     */
    Connection open(Path directory) throws IOException, SQLException {
        Connection connection = driver().connect("jdbc:duckdb:", new Properties());
        try (Statement statement = connection.createStatement()) {
            for (String setting : settings(directory)) {
                statement.execute("SET " + setting);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** In this order: each of the last three makes something unchangeable. */
    private List<String> settings(Path directory) {
        return List.of(
                "TimeZone='UTC'",
                "threads=" + properties.threads(),
                "parquet_metadata_cache=true",
                "temp_directory=" + Sql.literal(directory.resolve("spill").toString()),
                "allowed_directories=[" + Sql.literal(directory.toString()) + "]",
                "enable_external_access=false",
                "memory_limit='" + properties.memoryLimit().toBytes() + "B'",
                "lock_configuration=true");
    }

    /**
     * Loaded with the first profile: unpacking takes a quarter of a second. A failure, as of a full disk, is not kept.
     */
    private synchronized Driver driver() throws IOException {
        if (loaded == null) {
            CacheDirectory folder = caches.create(WorkingDirectories.OPTIONS.metadata("purpose", "library"));
            try {
                loaded = new Loaded(DuckDbDriver.load(folder.path()), folder);
            } finally {
                if (loaded == null) {
                    folder.close();
                }
            }
        }
        return loaded.driver();
    }
}
