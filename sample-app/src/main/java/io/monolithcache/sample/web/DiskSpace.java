// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import org.jspecify.annotations.Nullable;

/** Tells a full disk from other failures. Java has no exception of its own for it, only the system's words. */
final class DiskSpace {

    private DiskSpace() {}

    static boolean isExhausted(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (saysSo(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysSo(@Nullable String message) {
        return message != null
                && (message.contains("No space left on device")
                        || message.contains("Disk quota exceeded")
                        || message.contains("not enough space on the disk"));
    }
}
