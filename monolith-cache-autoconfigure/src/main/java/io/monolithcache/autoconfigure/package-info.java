// SPDX-License-Identifier: Apache-2.0
/** Auto-configuration of Monolith Cache: its properties, its beans, and what is said when a start-up fails. */
@NullMarked
package io.monolithcache.autoconfigure;

import org.jspecify.annotations.NullMarked;
