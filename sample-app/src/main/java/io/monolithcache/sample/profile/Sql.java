// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.util.List;
import java.util.stream.Collectors;

/** Writes names and values into SQL, where DuckDB takes no parameters. */
final class Sql {

    private Sql() {}

    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** The type of each of these columns, when all of them are text. */
    static String typesOfText(List<String> columns) {
        return columns.stream().map(name -> literal(name) + ": 'VARCHAR'").collect(Collectors.joining(", ", "{", "}"));
    }
}
