// SPDX-License-Identifier: Apache-2.0
/** What can go wrong around a root: disks, rights, links, damaged files, names that attack, and a great many caches. */
@NullMarked
package io.monolithcache.directory.fault;

import org.jspecify.annotations.NullMarked;
