// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScope;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * A database in the directory of the current cache scope, and locked into it. There is one for each scope; it is closed
 * when the scope ends, before the directory goes.
 */
@Component
@CacheScope
class ScratchDatabase {

    private final DuckDb duckDb;
    private final ProfileProperties properties;
    private final CacheDirectory directory;
    private @Nullable Connection connection;

    ScratchDatabase(DuckDb duckDb, ProfileProperties properties, CacheDirectory directory) {
        this.duckDb = duckDb;
        this.properties = properties;
        this.directory = directory;
    }

    Path folder() {
        return directory.path();
    }

    Database open() throws IOException, SQLException {
        if (connection == null) {
            connection = duckDb.open(directory.path());
        }
        return new Database(connection, properties.timeLimit());
    }

    @PreDestroy
    void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }
}
