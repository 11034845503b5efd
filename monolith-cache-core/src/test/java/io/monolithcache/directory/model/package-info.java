// SPDX-License-Identifier: Apache-2.0
/**
 * A seeded state machine: random operations by several managers on one root, compared after every step with a plain
 * model in memory. A failure prints its seed and a shortened sequence; {@code -Dmonolith.model.seed=…
 * -Dmonolith.model.count=1} repeats it.
 */
@NullMarked
package io.monolithcache.directory.model;

import org.jspecify.annotations.NullMarked;
