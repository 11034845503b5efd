// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some jobs, newest first.
 *
 * @param next the id after which the next page begins; null on the last page
 * @param storage where new jobs live, by name: {@code local} or {@code s3}
 */
public record JobPage(List<JobSummary> jobs, @Nullable String next, String storage) {}
