// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.monolithcache.directory.s3;

import org.jspecify.annotations.NullMarked;
