// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import io.monolithcache.sample.profile.Comparison.Columns;
import io.monolithcache.sample.profile.Comparison.Retyped;
import io.monolithcache.sample.profile.Comparison.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Compares two tables, in the directory of the current cache scope. */
@Component
public class Comparer {

    private static final String TEXT = "VARCHAR";

    private static final String FLOATING_POINT = "DOUBLE";

    private static final Set<String> WHOLE_NUMBERS = Set.of("BIGINT", "HUGEINT", "UBIGINT");

    private static final Set<String> TIMES = Set.of("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE");

    private final ScratchDatabase scratch;
    private final ProfileSlots slots;
    private final ProfileProperties properties;

    Comparer(ScratchDatabase scratch, ProfileSlots slots, ProfileProperties properties) {
        this.scratch = scratch;
        this.slots = slots;
        this.properties = properties;
    }

    /** One of the two tables: what it is called, and the folder in the scope's directory that it lies in. */
    public record Side(String name, Path folder, Format format) {}

    /**
     * A side that was written as a table.
     *
     * @param types of its columns, by their names
     * @param guessed the columns whose dates DuckDB guessed how to read; their type is text
     */
    private record Table(Side side, ParquetTable parquet, Map<String, String> types, Set<String> guessed) {}

    /**
     * Compares two tables.
     *
     * @throws UnreadableInputException if one of them is no table; the message begins with its name
     * @throws IOException if the disk fails, or is full
     */
    public Comparison compare(Side left, Side right) throws IOException {
        try (ProfileSlots.Slot slot = slots.take()) {
            Database database = scratch.open();
            Table one = read(database, left);
            Table other = read(database, right);
            Columns columns = columns(one.types(), other.types());
            writeAgain(database, one, toBeText(columns, Retyped::left));
            writeAgain(database, other, toBeText(columns, Retyped::right));
            return new Comparison(columns, rows(database, one, other, columns));
        } catch (SQLException e) {
            throw DuckDbFailure.translate(e, scratch.folder(), properties);
        }
    }

    /**
     * The columns of a table that have to be compared as text, and are something else. What was read from {@code 2.50}
     * or {@code True} is not the same as text again, and text that is JSON is quoted.
     */
    private static Set<String> toBeText(Columns columns, Function<Retyped, String> type) {
        return columns.retyped().stream()
                .filter(column -> !isComparable(column) && !type.apply(column).equals(TEXT))
                .map(Retyped::name)
                .collect(Collectors.toSet());
    }

    private Table read(Database database, Side side) throws IOException, SQLException {
        ParquetTable parquet = new ParquetTable(database, side.folder().resolve(Profiler.PARQUET));
        TableText text = write(database, side, parquet, Set.of());
        List<ColumnType> columns = parquet.columns();
        Set<String> guessed =
                Set.copyOf(new GuessedDates(database).among(columns, names -> text.readerOfText(input(side), names)));
        Map<String, String> types = new LinkedHashMap<>();
        columns.forEach(column -> types.put(column.name(), guessed.contains(column.name()) ? TEXT : column.type()));
        return new Table(side, parquet, types, guessed);
    }

    private void writeAgain(Database database, Table table, Set<String> toBeText) throws IOException, SQLException {
        Set<String> asText = new HashSet<>(table.guessed());
        asText.addAll(toBeText);
        if (!asText.isEmpty()) {
            write(database, table.side(), table.parquet(), asText);
        }
    }

    private TableText write(Database database, Side side, ParquetTable parquet, Set<String> asText)
            throws IOException, SQLException {
        try {
            TableText text = side.format().newText();
            text.check(input(side));
            text.write(database, input(side), parquet, Files.size(input(side)) / text.line(), asText);
            return text;
        } catch (SQLException e) {
            throw of(side, DuckDbFailure.translate(e, scratch.folder(), properties));
        } catch (UnreadableInputException e) {
            throw of(side, e);
        }
    }

    private static Path input(Side side) {
        return side.folder().resolve(side.format().fileName());
    }

    private static RuntimeException of(Side side, RuntimeException failure) {
        return failure instanceof UnreadableInputException
                ? new UnreadableInputException("'" + side.name() + "': " + failure.getMessage())
                : failure;
    }

    private static Columns columns(Map<String, String> one, Map<String, String> other) {
        List<String> both = new ArrayList<>();
        List<Retyped> retyped = new ArrayList<>();
        List<String> onlyLeft = new ArrayList<>();
        one.forEach((name, type) -> {
            String otherType = other.get(name);
            if (otherType == null) {
                onlyLeft.add(name);
            } else if (otherType.equals(type)) {
                both.add(name);
            } else {
                retyped.add(new Retyped(name, type, otherType));
            }
        });
        List<String> onlyRight =
                other.keySet().stream().filter(name -> !one.containsKey(name)).toList();
        return new Columns(both, retyped, onlyLeft, onlyRight);
    }

    /**
     * Numbers are compared as numbers, and times as times, whatever their types; else a column with two types is
     * compared as it is written. Without a column in common, no row is in both.
     */
    private static Rows rows(Database database, Table left, Table right, Columns columns) throws SQLException {
        long one = count(database, "FROM " + left.parquet().reader());
        long other = count(database, "FROM " + right.parquet().reader());
        if (columns.both().isEmpty() && columns.retyped().isEmpty()) {
            return new Rows(one, other, 0, one, other);
        }
        long onlyLeft = count(
                database,
                "FROM (" + select(left, columns, Retyped::left) + " EXCEPT ALL "
                        + select(right, columns, Retyped::right) + ")");
        long both = one - onlyLeft;
        return new Rows(one, other, both, onlyLeft, other - both);
    }

    private static String select(Table table, Columns columns, Function<Retyped, String> type) {
        Stream<String> same = columns.both().stream().map(Sql::identifier);
        Stream<String> retyped = columns.retyped().stream().map(column -> comparable(column, type.apply(column)));
        return Stream.concat(same, retyped)
                .collect(Collectors.joining(
                        ", ", "SELECT ", " FROM " + table.parquet().reader()));
    }

    private static String comparable(Retyped column, String type) {
        String name = Sql.identifier(column.name());
        if (!isComparable(column)) {
            return asText(name);
        }
        return isFloatingPoint(column) ? digits(name, type) : name;
    }

    /** DuckDB finds what whole numbers, or times, have in common by itself, and loses nothing. */
    private static boolean isComparable(Retyped column) {
        return isFloatingPoint(column) || isOneOf(WHOLE_NUMBERS, column) || isOneOf(TIMES, column);
    }

    /** Whether one side is, and the other has whole numbers. */
    private static boolean isFloatingPoint(Retyped column) {
        return (column.left().equals(FLOATING_POINT) && WHOLE_NUMBERS.contains(column.right()))
                || (column.right().equals(FLOATING_POINT) && WHOLE_NUMBERS.contains(column.left()));
    }

    private static boolean isOneOf(Set<String> types, Retyped column) {
        return types.contains(column.left()) && types.contains(column.right());
    }

    /**
     * A number such that the same number of another type has the same text: {@code 3} for {@code 3.0}. As floating
     * point, 9007199254740993 and 9007199254740992 would be one.
     */
    private static String digits(String name, String type) {
        return type.equals(FLOATING_POINT)
                ? "CASE WHEN " + name + " = trunc(" + name + ") THEN coalesce("
                        + asText("TRY_CAST(" + asText(name) + " AS HUGEINT)") + ", " + asText(name) + ") ELSE "
                        + asText(name) + " END"
                : asText(name);
    }

    private static String asText(String expression) {
        return "CAST(" + expression + " AS VARCHAR)";
    }

    private static long count(Database database, String from) throws SQLException {
        return database.query("SELECT count(*) " + from, row -> row.getLong(1)).get(0);
    }
}
