// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;

/** How a list of entries is written as text. */
interface TextCodec {

    /** What a user calls it, which is also the suffix of the file. */
    String name();

    void write(TextList list, Writer text) throws IOException;

    /**
     * Reads what was written, or edited by hand meanwhile.
     *
     * @throws IOException if it is not whole, or not of this version
     * @throws IllegalArgumentException if a value is none
     */
    TextList read(Reader text) throws IOException;
}
