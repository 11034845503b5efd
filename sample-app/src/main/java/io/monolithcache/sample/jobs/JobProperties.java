// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long jobs stay.
 *
 * @param closeAfter time after which a job that is not kept is released
 */
@ConfigurationProperties("data-desk.jobs")
record JobProperties(@DefaultValue("10m") Duration closeAfter) {

    JobProperties {
        if (closeAfter.isZero() || closeAfter.isNegative()) {
            throw new IllegalArgumentException("data-desk.jobs.close-after must be positive, not " + closeAfter);
        }
    }
}
