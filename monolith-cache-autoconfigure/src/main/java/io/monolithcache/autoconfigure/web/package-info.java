// SPDX-License-Identifier: Apache-2.0
/** Wiring of HTTP requests as cache scopes, one auto-configuration per technology. */
@NullMarked
package io.monolithcache.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
