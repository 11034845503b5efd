// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A directory that was evicted; over HTTP the status says it.
 *
 * @param id which one
 * @param forced whether it was evicted without a look at who holds it
 */
public record CacheEvictionDescriptor(String id, boolean forced) implements OperationResponseBody {}
