// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.util.List;

/** How two tables differ. */
public record Comparison(Columns columns, Rows rows) {

    /**
     * Columns by their names.
     *
     * @param both in both tables, with the same type
     * @param retyped in both tables, with another type
     */
    public record Columns(List<String> both, List<Retyped> retyped, List<String> onlyLeft, List<String> onlyRight) {}

    /** A column whose type is another one in each table. */
    public record Retyped(String name, String left, String right) {}

    /**
     * Rows, told apart by the columns that both tables have. A row that is there twice in one table and once in the
     * other is there once in both.
     */
    public record Rows(long left, long right, long both, long onlyLeft, long onlyRight) {}
}
