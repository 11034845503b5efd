// SPDX-License-Identifier: Apache-2.0
/** Actuator endpoints over what the caches hold, for Spring MVC, WebFlux and JMX. */
@NullMarked
package io.monolithcache.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
