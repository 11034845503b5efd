// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.monolithcache.sample.Desk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a database can do outside of its directory: nothing. */
class SandboxTests {

    @AutoClose
    private static Desk desk;

    private static Path outside;
    private static Path inside;

    @BeforeAll
    static void start(@TempDir Path root, @TempDir Path folder) throws Exception {
        desk = Desk.start(root);
        outside = Files.writeString(folder.resolve("secret.csv"), "a\n1\n");
        // names that DuckDB could take for a pattern, or for the end of a string
        inside = Files.createDirectory(folder.resolve("it's [a] job*"));
        Files.writeString(inside.resolve("table.csv"), "a\n1\n");
        Files.createSymbolicLink(inside.resolve("link.csv"), outside);
    }

    @Test
    void itsOwnDirectoryIsReadAndWritten() throws Exception {
        execute("COPY (FROM read_csv('{inside}/table.csv')) TO '{inside}/table.parquet'");

        assertThat(inside.resolve("table.parquet")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM read_csv('{outside}')",
                "FROM read_csv('{inside}/../secret.csv')",
                "FROM read_csv('{inside}/link.csv')",
                "FROM read_text('/etc/hostname')",
                "COPY (SELECT 1) TO '{outside}'",
                "ATTACH '{outside}.db'",
                "INSTALL httpfs",
                "SET enable_external_access=true",
                "SET memory_limit='100GB'",
                "RESET allowed_directories"
            })
    void everythingElseIsRefused(String sql) {
        assertThatThrownBy(() -> execute(sql)).isInstanceOf(SQLException.class);
        assertThat(outside).hasContent("a\n1\n");
    }

    /** Else it would be that of the machine, and the same two files would differ on some. */
    @Test
    void itsTimeZoneIsUtc() throws Exception {
        try (Connection connection = desk.bean(DuckDb.class).open(inside);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('TimeZone')")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("UTC");
        }
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = desk.bean(DuckDb.class).open(inside);
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("{inside}", quoted(inside)).replace("{outside}", quoted(outside)));
        }
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }
}
