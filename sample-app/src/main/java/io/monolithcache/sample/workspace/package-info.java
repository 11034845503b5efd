// SPDX-License-Identifier: Apache-2.0
/** What the process itself needs on the disk, in a cache directory, so that nothing stays behind a killed process. */
@NullMarked
package io.monolithcache.sample.workspace;

import org.jspecify.annotations.NullMarked;
