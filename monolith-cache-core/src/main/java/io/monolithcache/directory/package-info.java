// SPDX-License-Identifier: Apache-2.0
/**
 * Managed cache directories: created, shared by reference counting, locked, evicted, and wiped when nobody needs them.
 */
@NullMarked
package io.monolithcache.directory;

import org.jspecify.annotations.NullMarked;
