// SPDX-License-Identifier: Apache-2.0
/** Data desk: a service that profiles tables and keeps everything that it makes of them in cache directories. */
@NullMarked
package io.monolithcache.sample;

import org.jspecify.annotations.NullMarked;
