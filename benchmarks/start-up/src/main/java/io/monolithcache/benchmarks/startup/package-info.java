// SPDX-License-Identifier: Apache-2.0
/** What is started to see what the starter adds to a start. */
@NullMarked
package io.monolithcache.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
