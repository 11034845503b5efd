// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

/** Writes names and values into SQL, where DuckDB takes no parameters. */
final class Sql {

    private Sql() {}

    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
