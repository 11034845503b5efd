// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheBackendException;

/** The registry does not answer, and the application is not to start without. */
final class RegistryUnreachableException extends CacheBackendException {

    private static final long serialVersionUID = 1L;

    RegistryUnreachableException(CacheBackendException failure) {
        super(String.valueOf(failure.getMessage()), failure);
    }
}
