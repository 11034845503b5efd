// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is in a table. */
public record Profile(long rows, List<Column> columns) {

    /**
     * What is in one column.
     *
     * @param type DuckDB's name of the type
     * @param min the least value as text, cut after 1,000 characters; null when every value is null
     * @param max the greatest, likewise
     * @param distinct how many different values there are, exactly; null is not a value
     * @param nulls how many rows have none
     */
    public record Column(
            String name,
            String type,
            @Nullable String min,
            @Nullable String max,
            long distinct,
            long nulls) {}
}
