// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.nio.file.Path;

/**
 * The places of a store:
 *
 * <pre>
 * CACHEDIR.TAG
 * content/3f/3f5a….v                a value: its content, then what describes it
 * content/3f/3f5a…                  a file that is named by its content, and nothing else
 * content/3f/3f5a….l                the entry of that name is locked
 * .monolith/format                  version
 * .monolith/owners/4711-179…-5f0c…  locked while the owner lives
 * .monolith/joining                 OS lock of whoever comes, or cleans up after a dead owner
 * .monolith/board                   mapped by all of them: what they hold, claim, and are about to do
 * .monolith/writing/4711-179…/17    not yet an entry
 * .monolith/index/…                 the list of the entries, written behind
 * </pre>
 */
record StoreLayout(Path base) {

    static final int FOLDERS = 256;

    /** What the file of that name has. */
    static final String FORMAT = "monolith-store 1\n";

    Path tag() {
        return base.resolve("CACHEDIR.TAG");
    }

    Path content() {
        return base.resolve("content");
    }

    /** @param number as in {@link EntryHash#folder()} */
    Path folder(int number) {
        String digits = Integer.toHexString(number);
        return content().resolve(number < 16 ? "0" + digits : digits);
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

    Path index() {
        return internal().resolve("index");
    }
}
