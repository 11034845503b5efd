// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Profiles tables. */
@Component
public class Profiler {

    /** What the table is called as Parquet. */
    public static final String PARQUET = "data.parquet";

    private final DuckDb duckDb;
    private final ProfileProperties properties;
    private final ProfileSlots slots;

    Profiler(DuckDb duckDb, ProfileProperties properties, ProfileSlots slots) {
        this.duckDb = duckDb;
        this.properties = properties;
        this.slots = slots;
    }

    /**
     * Reads the input that lies in a directory, writes {@value #PARQUET} beside it, and counts what is in it.
     *
     * @throws UnreadableInputException if it is no table
     * @throws IOException if the disk fails, or is full
     */
    public Profile profile(Path directory, Format format) throws IOException {
        Path input = directory.resolve(format.fileName());
        TableText text = format.newText();
        text.check(input);
        try (ProfileSlots.Slot slot = slots.take();
                Connection connection = duckDb.open(directory)) {
            Database database = new Database(connection, properties.timeLimit());
            ParquetTable table = new ParquetTable(database, directory.resolve(PARQUET));
            text.write(database, input, table, Files.size(input) / text.line(), Set.of());
            return requireRows(table.profile(), text);
        } catch (SQLException e) {
            throw DuckDbFailure.translate(e, directory, properties);
        }
    }

    private static Profile requireRows(Profile profile, TableText text) {
        if (profile.rows() == 0) {
            throw new UnreadableInputException("The file has a header and no row. " + text.wanted());
        }
        return profile;
    }
}
