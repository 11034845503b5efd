// SPDX-License-Identifier: Apache-2.0
/** What is seen of the caches from outside: the actuator endpoint, health, metrics, observations. */
@NullMarked
package io.monolithcache.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
