// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

/**
 * One thing that is wrong with the properties.
 *
 * @param property the property, for instance {@code monolith.cache.storage}
 * @param description what is wrong, a full sentence that names the property
 * @param action what the reader can do, a full sentence
 */
public record InvalidSetting(String property, String description, String action) {}
