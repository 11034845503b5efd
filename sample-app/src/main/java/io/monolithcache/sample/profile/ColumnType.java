// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

/** The name and DuckDB's type of a column. */
record ColumnType(String name, String type) {

    /** Whether a value is made of values. */
    boolean isNested() {
        return type.endsWith("]") || type.startsWith("STRUCT(") || type.startsWith("MAP(");
    }
}
