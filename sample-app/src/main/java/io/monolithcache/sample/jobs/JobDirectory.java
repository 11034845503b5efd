// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import java.net.URI;

/**
 * Where a job lies.
 *
 * @param locked whether it is kept
 */
public record JobDirectory(String id, URI location, boolean locked) {}
