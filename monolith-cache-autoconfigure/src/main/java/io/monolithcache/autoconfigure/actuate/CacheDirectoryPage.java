// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A page of cache directories.
 *
 * @param directories in the order of ids
 * @param next what to ask for after, when there may be more
 */
public record CacheDirectoryPage(
        List<CacheDirectoryDescriptor> directories,
        @Nullable String next) implements OperationResponseBody {}
