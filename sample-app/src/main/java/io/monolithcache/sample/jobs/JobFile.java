// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

/**
 * A file of a job.
 *
 * @param size in bytes
 */
public record JobFile(String name, long size) {}
