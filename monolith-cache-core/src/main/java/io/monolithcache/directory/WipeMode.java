// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

/** Who deletes the files of a wiped cache. Either way the directory has vanished from its place before that. */
public enum WipeMode {
    /** A background thread: closing a directory costs the same however many files it has. */
    BACKGROUND,
    /** The thread that wiped it, before it returns. */
    SYNCHRONOUS
}
