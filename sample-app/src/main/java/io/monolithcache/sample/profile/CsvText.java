// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A CSV file. Its first line is the header, and says what separates the columns: whichever of comma, semicolon, tab and
 * bar stands there most often outside of quotes.
 *
 * <p>DuckDB could find that out too, but its guess is the dialect that explains the most rows: when measured, it
 * dropped the first three lines of a table whose fourth had one value more, and took a letter for a column of text.
 */
final class CsvText extends TableText {

    private static final String DELIMITERS = ",;\t|";

    private final int[] seen = new int[DELIMITERS.length()];
    private final LineEnds lineEnds = new LineEnds();
    private Place place = Place.START_OF_VALUE;
    private boolean headerIsRead;
    private boolean blank = true;
    private char delimiter;

    /** Where a character stands. A quote in the middle of a value is an ordinary character. */
    private enum Place {
        START_OF_VALUE,
        BARE,
        QUOTED,
        AFTER_QUOTE
    }

    @Override
    String wanted() {
        return "A CSV file has a line with the names of its columns, and at least one row below it.";
    }

    @Override
    void next(char c) {
        if (c == BYTE_ORDER_MARK || (headerIsRead && isWithinValue(c))) {
            return;
        }
        if (place != Place.QUOTED) {
            lineEnds.next(c, line());
        }
        if (!headerIsRead) {
            nextOfHeader(c);
        }
        place = placeAfter(c);
    }

    private void nextOfHeader(char c) {
        if (place != Place.QUOTED) {
            if (isLineEnd(c)) {
                headerIsRead = true;
                delimiter = DELIMITERS.charAt(indexOfDelimiter());
                requireNames();
                return;
            }
            int index = DELIMITERS.indexOf(c);
            if (index >= 0 && ++seen[index] >= MAX_COLUMNS) {
                throw new UnreadableInputException("The first line names more than " + MAX_COLUMNS
                        + " columns. Send fewer columns, or a row per value instead.");
            }
        }
        blank &= Character.isWhitespace(c);
    }

    /** Whether there is nothing to learn from a character: so it is with most, and the rest is slow. */
    private boolean isWithinValue(char c) {
        return place == Place.BARE ? !isLineEnd(c) && c != delimiter : place == Place.QUOTED && c != '"';
    }

    private Place placeAfter(char c) {
        if (place == Place.QUOTED) {
            return c == '"' ? Place.AFTER_QUOTE : Place.QUOTED;
        }
        if (c == '"' && place != Place.BARE) {
            return Place.QUOTED;
        }
        return isLineEnd(c) || isDelimiter(c) ? Place.START_OF_VALUE : Place.BARE;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    /** Whether it is the one, or in the header, which tells it, whether it may be. */
    private boolean isDelimiter(char c) {
        return headerIsRead ? c == delimiter : DELIMITERS.indexOf(c) >= 0;
    }

    @Override
    void atEnd() {
        lineEnds.end(line());
        requireNames();
    }

    private void requireNames() {
        if (blank) {
            throw new UnreadableInputException("The first line is blank. " + wanted());
        }
    }

    /** @throws UnreadableInputException if the rows end in different ways */
    void requireOneLineEnd() {
        String difference = lineEnds.difference();
        if (difference != null) {
            throw new UnreadableInputException(difference);
        }
    }

    /** How many names the header has. */
    int columns() {
        return seen[indexOfDelimiter()] + 1;
    }

    @Override
    void write(Database database, Path file, ParquetTable table, long bytesPerRow, Set<String> asText)
            throws SQLException {
        new CsvImport(database, this, file).write(table, bytesPerRow, asText);
    }

    /** The call of DuckDB's table function that reads this text from a file, and looks at all of it to find types. */
    String reader(Path file) {
        return readCsv(file, "sample_size=-1");
    }

    /** The same, but these columns are read as text. */
    String readerWithText(Path file, List<String> columns) {
        return readCsv(file, "sample_size=-1, types=" + Sql.typesOfText(columns));
    }

    /** Every column, under its own name. */
    @Override
    String readerOfText(Path file, List<String> columns) {
        return readCsv(file, "all_varchar=true");
    }

    /** The same, but nothing is guessed: what DuckDB refuses then, it names by its line. */
    String readerWithoutGuessing(Path file) {
        List<String> names =
                IntStream.range(0, columns()).mapToObj(i -> "c" + i).toList();
        return readCsv(file, "auto_detect=false, columns=" + Sql.typesOfText(names));
    }

    private String readCsv(Path file, String options) {
        return "read_csv(" + Sql.literal(file.toString())
                + ", header=true, skip=0, comment='', strict_mode=true, delim="
                + Sql.literal(DELIMITERS.substring(indexOfDelimiter(), indexOfDelimiter() + 1))
                + ", quote='\"', escape='\"', encoding='utf-8', compression='none', " + options + ")";
    }

    private int indexOfDelimiter() {
        int most = 0;
        for (int i = 1; i < seen.length; i++) {
            if (seen[i] > seen[most]) {
                most = i;
            }
        }
        return most;
    }
}
