// SPDX-License-Identifier: Apache-2.0
/** What happens to cache directories, as objects that an application may publish to whoever listens. */
@NullMarked
package io.monolithcache.directory.event;

import org.jspecify.annotations.NullMarked;
