// SPDX-License-Identifier: Apache-2.0
/** One owner per manager: the OS file lock that says it is alive, and what tells whether another one is. */
@NullMarked
package io.monolithcache.owner;

import org.jspecify.annotations.NullMarked;
