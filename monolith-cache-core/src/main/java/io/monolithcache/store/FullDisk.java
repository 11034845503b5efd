// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Tells a disk that is full from one that fails. */
final class FullDisk {

    /** As the systems say it; Java has no type for it. */
    private static final List<String> REASONS = List.of(
            "no space left", "disk quota exceeded", "not enough space", "disk full", "database or disk is full");

    private FullDisk() {}

    static boolean is(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return REASONS.stream().anyMatch(message::contains);
    }
}
