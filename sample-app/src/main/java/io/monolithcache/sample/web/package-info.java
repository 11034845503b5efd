// SPDX-License-Identifier: Apache-2.0
/** The HTTP side: uploads, downloads, and problems with a sentence that helps. */
@NullMarked
package io.monolithcache.sample.web;

import org.jspecify.annotations.NullMarked;
