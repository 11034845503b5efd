// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.nio.file.Path;

/**
 * The places of a store:
 *
 * <pre>
 * CACHEDIR.TAG
 * content/3f/3f5a…                  an entry: its content, and nothing else
 * content/3f/3f5a….v                an entry that is a value: content, then what describes it
 * content/3f/3f5a….d                what describes an entry of the first kind that its name does not
 * .monolith/format                  version, what its names are the hashes of
 * .monolith/owners/4711-179…-5f0c…  locked while the owner lives
 * .monolith/joining                 OS lock of whoever comes, or cleans up after a dead owner
 * .monolith/board                   mapped by all of them: what they hold, claim, and are about to do
 * .monolith/writing/4711-179…/17    not yet an entry
 * .monolith/index…                  of the entries, written behind
 * </pre>
 */
record StoreLayout(Path base) {

    private static final int FAN_OUT_DIGITS = 2;

    Path content() {
        return base.resolve("content");
    }

    Path folder(EntryHash hash) {
        return content().resolve(hash.toString().substring(0, FAN_OUT_DIGITS));
    }

    Path internal() {
        return base.resolve(".monolith");
    }

    Path format() {
        return internal().resolve("format");
    }

    Path owners() {
        return internal().resolve("owners");
    }

    Path joining() {
        return internal().resolve("joining");
    }

    Path board() {
        return internal().resolve("board");
    }

    Path writing() {
        return internal().resolve("writing");
    }
}
