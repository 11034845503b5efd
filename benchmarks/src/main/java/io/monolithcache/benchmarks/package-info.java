// SPDX-License-Identifier: Apache-2.0
/** The budgets of the design, measured as ratios in one run. */
@NullMarked
package io.monolithcache.benchmarks;

import org.jspecify.annotations.NullMarked;
