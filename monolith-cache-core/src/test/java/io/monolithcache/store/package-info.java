// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.monolithcache.store;

import org.jspecify.annotations.NullMarked;
