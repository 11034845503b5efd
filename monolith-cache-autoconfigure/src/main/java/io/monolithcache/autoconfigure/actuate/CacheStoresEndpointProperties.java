// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the endpoint; its access and exposure are Boot's own.
 *
 * @param showValues When to show keys and tags.
 * @param roles Roles used to determine whether a user is authorized to be shown keys and tags. When empty, all
 *     authenticated users are authorized.
 */
@ConfigurationProperties("management.endpoint.cachestores")
public record CacheStoresEndpointProperties(
        @DefaultValue("never") Show showValues,
        @DefaultValue Set<String> roles) {}
