// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.sample.profile.Profile;
import java.time.Instant;
import java.util.List;

/**
 * A job with its profile.
 *
 * @param id the id of its cache directory
 * @param name what the upload was called
 */
public record Job(
        String id, String name, Instant createdAt, Profile profile, JobDirectory directory, List<JobFile> files) {}
