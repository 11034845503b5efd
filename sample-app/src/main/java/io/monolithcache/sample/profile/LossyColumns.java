// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the columns that say less than their text did, because DuckDB chose a type that is too small for it:
 *
 * <pre>
 * DOUBLE            12345678901234567.81          becomes 1.2345678901234568e16
 * TIME, TIMESTAMP   2020-01-01 00:00:00.123456781 becomes 2020-01-01 00:00:00.123456
 * </pre>
 *
 * <p>Different values would be one then, and the count of different ones wrong. Such a column is better kept as text.
 *
 * <p>To count digits would not do: most programs write a floating point number with the 16 or 17 that it takes to read
 * the same one again. So the question is whether the digits come back from the number. If they do for every value,
 * different texts are different numbers, unless they only differ in zeros, a sign or the exponent's form.
 */
final class LossyColumns {

    /** A {@code double} has this many digits that always come back, if its exponent is not extreme. */
    private static final int EXACT_DIGITS = 15;

    /** DuckDB's types have microseconds; zeros after them are not lost. */
    private static final String BELOW_MICROSECONDS = "'[.,][0-9]{6}[0-9]*[1-9]'";

    private final Database database;

    LossyColumns(Database database) {
        this.database = database;
    }

    /**
     * The names of those that lost something.
     *
     * @param readerOfText the call of DuckDB's table function that reads columns of these names as text
     */
    List<String> among(List<ColumnType> columns, Function<List<String>, String> readerOfText) throws SQLException {
        return ColumnSearch.find(
                database, columns.stream().filter(LossyColumns::isSuspect).toList(), LossyColumns::loses, readerOfText);
    }

    private static boolean isSuspect(ColumnType column) {
        return isNumber(column) || column.type().startsWith("TIME");
    }

    private static boolean isNumber(ColumnType column) {
        return column.type().equals("DOUBLE");
    }

    private static String loses(ColumnType column) {
        String text = Sql.identifier(column.name());
        return isNumber(column) ? losesDigits(text) : "regexp_matches(" + text + ", " + BELOW_MICROSECONDS + ")";
    }

    private static String losesDigits(String text) {
        String back = "coalesce(CAST(TRY_CAST(" + text + " AS DOUBLE) AS VARCHAR), '')";
        return "CASE WHEN length(" + text + ") <= " + EXACT_DIGITS + " AND NOT contains(lower(" + text + "), 'e')"
                + " THEN false WHEN " + text + " = " + back + " THEN false"
                + " ELSE " + digits(text) + " <> " + digits(back) + " END";
    }

    /** Of {@code -012.50e+3} it is {@code 125}. */
    private static String digits(String number) {
        return "trim(translate(split_part(lower(" + number + "), 'e', 1), '+-.', ''), '0')";
    }
}
