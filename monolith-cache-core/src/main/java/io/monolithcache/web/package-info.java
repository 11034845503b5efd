// SPDX-License-Identifier: Apache-2.0
/** Each HTTP request is a cache scope: the filter, and the controller argument, of a servlet application. */
@NullMarked
package io.monolithcache.web;

import org.jspecify.annotations.NullMarked;
