// SPDX-License-Identifier: Apache-2.0
/** Processes on one store that are killed. */
@NullMarked
package io.monolithcache.store.crash;

import org.jspecify.annotations.NullMarked;
