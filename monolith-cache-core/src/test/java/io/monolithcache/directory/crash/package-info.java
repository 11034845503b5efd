// SPDX-License-Identifier: Apache-2.0
/** Processes that are killed, stopped and raced against each other on one root. */
@NullMarked
package io.monolithcache.directory.crash;

import org.jspecify.annotations.NullMarked;
