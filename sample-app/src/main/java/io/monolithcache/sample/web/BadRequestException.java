// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

/** A request that has to be put differently; the message says how. */
class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
