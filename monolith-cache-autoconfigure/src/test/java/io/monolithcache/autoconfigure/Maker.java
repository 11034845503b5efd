// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import java.nio.file.Path;

/** What some bean is injected as. */
interface Maker {

    Path make();
}
