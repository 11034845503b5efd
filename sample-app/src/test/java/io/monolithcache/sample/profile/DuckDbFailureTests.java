// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What DuckDB's failures mean for whoever sent a table. */
class DuckDbFailureTests {

    private static final ProfileProperties LIMITS =
            new ProfileProperties(DataSize.ofMegabytes(512), 2, 2, Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    @Test
    void aStatementThatTakesTooLongIsInterruptedAndSaysSo() throws Exception {
        SQLException failure;
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            Database database = new Database(connection, LIMITS.timeLimit());
            failure = catchThrowableOfType(
                    SQLException.class,
                    () -> database.query(
                            "SELECT sum(a * b) FROM range(10000000) t(a), range(10000000) u(b)", row -> row));
        }

        assertThat(translate(failure.getMessage()))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("longer than the 1 seconds");
    }

    @Test
    void tooLittleMemoryIsTold() throws Exception {
        assertThat(translate("Out of Memory Error: failed to allocate data of size 128.0 MiB"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("512 MB");
    }

    @Test
    void aFailingDiskIsAnIoException() {
        assertThatThrownBy(() -> translate("IO Error: Could not write file \"/x\": No space left on device"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device");
    }

    /** What somebody wrote into a table must not be taken for DuckDB's own words. */
    @Test
    void theTextOfATableIsNotTakenForAFailingDisk() throws Exception {
        assertThat(translate(
                        "Invalid Input Error: CSV Error on Line: 2\nOriginal Line: IO Error: No space left on device\n"
                                + "Expected Number of Columns: 2 Found: 1\nPossible fixes:\n* none"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessage("DuckDB cannot read it: CSV Error on Line: 2. Expected Number of Columns: 2 Found: 1");
    }

    @Test
    void aFailureOfOursIsNotBlamedOnTheSender() throws Exception {
        assertThat(translate("INTERNAL Error: Attempted to access index 3")).isInstanceOf(IllegalStateException.class);
        assertThat(translate("Parser Error: syntax error")).isInstanceOf(IllegalStateException.class);
    }

    private RuntimeException translate(String message) throws IOException {
        return DuckDbFailure.translate(new SQLException(message), directory, LIMITS);
    }
}
