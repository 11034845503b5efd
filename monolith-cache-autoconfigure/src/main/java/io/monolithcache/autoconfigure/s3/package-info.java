// SPDX-License-Identifier: Apache-2.0
/** Wiring of cache directories in S3. */
@NullMarked
package io.monolithcache.autoconfigure.s3;

import org.jspecify.annotations.NullMarked;
