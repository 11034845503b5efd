// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import java.time.Instant;

/** A job as a line of a list. */
public record JobSummary(String id, String name, Instant createdAt, long rows, JobDirectory directory) {}
