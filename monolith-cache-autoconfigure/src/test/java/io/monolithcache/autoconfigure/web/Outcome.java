// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

/** What becomes of a response. */
enum Outcome {
    COMPLETES,
    /** An exception before the first byte, which nobody handles: the container dispatches to the error page. */
    FAILS,
    /** An exception before the first byte, which Spring turns into {@code sendError(409)}. */
    SENDS_ERROR,
    /** An exception in the middle. */
    BREAKS_OFF,
    /** The client resets the connection in the middle. */
    LOSES_CLIENT,
    /** Nobody answers. */
    TIMES_OUT;

    /** More than the buffers between server and client take, where the client is to go away meanwhile. */
    int size() {
        return this == LOSES_CLIENT ? 8 << 20 : 64 << 10;
    }
}
