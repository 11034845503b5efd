// SPDX-License-Identifier: Apache-2.0
/**
 * Processes that are killed, stopped and raced against each other on one root. What they check, how a failure is
 * repeated, and how it was shown that they can fail, is in {@code docs/testing.md}.
 */
@NullMarked
package io.monolithcache.directory.crash;

import org.jspecify.annotations.NullMarked;
