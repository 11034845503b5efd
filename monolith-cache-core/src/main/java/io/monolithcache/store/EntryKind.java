// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/** The two kinds of entries; the names of both are hashes, which never meet. */
enum EntryKind {

    /** Named by its key; describes itself in a trailer. */
    VALUE(".v"),

    /** Named by its content, which is all that is in it. */
    FILE("");

    private final String suffix;

    EntryKind(String suffix) {
        this.suffix = suffix;
    }

    String suffix() {
        return suffix;
    }
}
