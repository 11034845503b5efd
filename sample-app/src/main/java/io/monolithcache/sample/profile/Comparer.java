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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Compares two tables, in the directory of the current cache scope. */
@Component
public class Comparer {

    /** DuckDB finds what these have in common by itself. */
    private static final Set<String> NUMBERS = Set.of("BIGINT", "HUGEINT", "UBIGINT", "DOUBLE");

    private static final Set<String> TIMES = Set.of("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE");

    /** What of these is in a table is what stands in the text; JSON is what is nested. */
    private static final Set<String> AS_WRITTEN = Set.of("VARCHAR", "JSON");

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
     * Compares two tables.
     *
     * @throws UnreadableInputException if one of them is no table; the message begins with its name
     * @throws IOException if the disk fails, or is full
     */
    public Comparison compare(Side left, Side right) throws IOException {
        try (ProfileSlots.Slot slot = slots.take()) {
            Database database = scratch.open();
            ParquetTable one = table(database, left, Set.of());
            ParquetTable other = table(database, right, Set.of());
            Columns columns = columns(one, other);
            writeAgain(database, left, toBeText(columns, Retyped::left));
            writeAgain(database, right, toBeText(columns, Retyped::right));
            return new Comparison(columns, rows(database, one, other, columns));
        } catch (SQLException e) {
            throw DuckDbFailure.translate(e, scratch.folder(), properties);
        }
    }

    /**
     * The columns of a table that have to be compared as text, and are something else. What was read from {@code 2.50}
     * or {@code 20/11/2026} is not the same as text again.
     */
    private static Set<String> toBeText(Columns columns, Function<Retyped, String> type) {
        return columns.retyped().stream()
                .filter(column -> !isComparable(column) && !AS_WRITTEN.contains(type.apply(column)))
                .map(Retyped::name)
                .collect(Collectors.toSet());
    }

    private void writeAgain(Database database, Side side, Set<String> asText) throws IOException, SQLException {
        if (!asText.isEmpty()) {
            table(database, side, asText);
        }
    }

    private ParquetTable table(Database database, Side side, Set<String> asText) throws IOException, SQLException {
        Path input = side.folder().resolve(side.format().fileName());
        ParquetTable table = new ParquetTable(database, side.folder().resolve(Profiler.PARQUET));
        try {
            TableText text = side.format().newText();
            text.check(input);
            text.write(database, input, table, Files.size(input) / text.line(), asText);
            return table;
        } catch (SQLException e) {
            throw of(side, DuckDbFailure.translate(e, scratch.folder(), properties));
        } catch (UnreadableInputException e) {
            throw of(side, e);
        }
    }

    private static RuntimeException of(Side side, RuntimeException failure) {
        return failure instanceof UnreadableInputException
                ? new UnreadableInputException("'" + side.name() + "': " + failure.getMessage())
                : failure;
    }

    private static Columns columns(ParquetTable left, ParquetTable right) throws SQLException {
        Map<String, String> one = types(left);
        Map<String, String> other = types(right);
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

    private static Map<String, String> types(ParquetTable table) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        for (ColumnType column : table.columns()) {
            types.put(column.name(), column.type());
        }
        return types;
    }

    /**
     * Numbers are compared as numbers, and times as times, whatever their types; else a column with two types is
     * compared as it is written. Without a column in common, no row is in both.
     */
    private static Rows rows(Database database, ParquetTable left, ParquetTable right, Columns columns)
            throws SQLException {
        long one = count(database, "FROM " + left.reader());
        long other = count(database, "FROM " + right.reader());
        List<String> common = new ArrayList<>();
        columns.both().forEach(name -> common.add(Sql.identifier(name)));
        columns.retyped().forEach(column -> common.add(comparable(column)));
        if (common.isEmpty()) {
            return new Rows(one, other, 0, one, other);
        }
        String select = common.stream().collect(Collectors.joining(", ", "SELECT ", " FROM "));
        long onlyLeft =
                count(database, "FROM (" + select + left.reader() + " EXCEPT ALL " + select + right.reader() + ")");
        long both = one - onlyLeft;
        return new Rows(one, other, both, onlyLeft, other - both);
    }

    private static String comparable(Retyped column) {
        String name = Sql.identifier(column.name());
        return isComparable(column) ? name : "CAST(" + name + " AS VARCHAR)";
    }

    private static boolean isComparable(Retyped column) {
        return isOneOf(NUMBERS, column) || isOneOf(TIMES, column);
    }

    private static boolean isOneOf(Set<String> types, Retyped column) {
        return types.contains(column.left()) && types.contains(column.right());
    }

    private static long count(Database database, String from) throws SQLException {
        return database.query("SELECT count(*) " + from, row -> row.getLong(1)).get(0);
    }
}
