/** Applications of scopes, seen from outside of the package. */
@NullMarked
package io.monolithcache.scope.leak;

import org.jspecify.annotations.NullMarked;
