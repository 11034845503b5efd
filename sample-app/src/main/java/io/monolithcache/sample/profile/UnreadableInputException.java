// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

/** An upload that cannot be profiled. The message is for whoever sent it: what is wrong, where, and what to do. */
public class UnreadableInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableInputException(String message) {
        super(message);
    }
}
