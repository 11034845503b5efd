// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An index cannot be read: it is corrupt, or of another version. It may be deleted, and is then rebuilt. */
public final class UnusableIndexException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * An index that cannot be read.
     *
     * @param message names the file, and what is wrong with it
     */
    public UnusableIndexException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
