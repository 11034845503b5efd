// SPDX-License-Identifier: Apache-2.0
/** Cache directories in an S3 bucket. */
@NullMarked
package io.monolithcache.directory.s3;

import org.jspecify.annotations.NullMarked;
