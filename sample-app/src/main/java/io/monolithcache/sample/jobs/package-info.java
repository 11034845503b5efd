// SPDX-License-Identifier: Apache-2.0
/** Jobs: a table, what was made of it, and how long both stay. */
@NullMarked
package io.monolithcache.sample.jobs;

import org.jspecify.annotations.NullMarked;
