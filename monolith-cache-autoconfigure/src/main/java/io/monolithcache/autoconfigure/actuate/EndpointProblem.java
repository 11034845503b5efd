// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The body of an answer that is an error, a problem of RFC 9457.
 *
 * @param title what the status means
 * @param status the status of the answer
 * @param detail what is wrong and what the reader can do, in full sentences
 * @param owners who holds the directory, masked unless it may be shown; for a conflict only
 */
public record EndpointProblem(
        String title, int status, String detail, @Nullable List<Map<String, Object>> owners)
        implements OperationResponseBody {}
