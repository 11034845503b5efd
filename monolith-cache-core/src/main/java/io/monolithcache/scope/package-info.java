// SPDX-License-Identifier: Apache-2.0
/** Cache scopes: open for a while, each with a directory of its own and beans of its own. */
@NullMarked
package io.monolithcache.scope;

import org.jspecify.annotations.NullMarked;
