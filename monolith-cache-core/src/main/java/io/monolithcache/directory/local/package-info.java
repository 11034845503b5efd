// SPDX-License-Identifier: Apache-2.0
/** Cache directories on the local disk, and the registry that lets the file system count their references. */
@NullMarked
package io.monolithcache.directory.local;

import org.jspecify.annotations.NullMarked;
