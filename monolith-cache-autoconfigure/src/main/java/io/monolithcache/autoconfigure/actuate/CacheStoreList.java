// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.util.List;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * All stores.
 *
 * @param stores in the order of their names
 */
public record CacheStoreList(List<CacheStoreDescriptor> stores) implements OperationResponseBody {}
