// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A store with a page of its entries.
 *
 * @param entries in the order of hashes
 * @param next what to ask for after, when there may be more
 */
public record CacheStorePage(
        CacheStoreDescriptor store,
        List<CacheEntryDescriptor> entries,
        @Nullable String next) implements OperationResponseBody {}
