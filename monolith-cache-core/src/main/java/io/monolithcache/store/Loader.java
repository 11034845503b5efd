// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** Makes what a store does not have. */
@FunctionalInterface
public interface Loader {

    /** Makes what is then stored under the key, and handed to whoever asked for it. */
    Content load(String key) throws Exception;
}
