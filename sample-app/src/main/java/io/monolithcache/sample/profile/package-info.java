// SPDX-License-Identifier: Apache-2.0
/** Reads a table with DuckDB in a sandbox, writes it as Parquet, and counts what is in its columns. */
@NullMarked
package io.monolithcache.sample.profile;

import org.jspecify.annotations.NullMarked;
