// SPDX-License-Identifier: Apache-2.0
/** Each HTTP exchange is a cache scope: the same for WebFlux. */
@NullMarked
package io.monolithcache.web.reactive;

import org.jspecify.annotations.NullMarked;
