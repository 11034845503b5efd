// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import org.jspecify.annotations.Nullable;

/**
 * How the rows of a CSV file end. DuckDB takes one kind of line end in a file, and does not say so when there are more;
 * its option to take them all also takes what is wrong: when measured, it dropped the end of {@code "x"y} and a value.
 */
final class LineEnds {

    private enum Kind {
        LF,
        CR,
        CRLF
    }

    private boolean carriageReturn;
    private @Nullable Kind first;
    private @Nullable String difference;

    /** Takes the next character that is not in quotes. */
    void next(char c, long line) {
        if (carriageReturn) {
            add(c == '\n' ? Kind.CRLF : Kind.CR, line);
        } else if (c == '\n') {
            add(Kind.LF, line);
        }
        carriageReturn = c == '\r';
    }

    /** Takes the end of the file. */
    void end(long line) {
        if (carriageReturn) {
            add(Kind.CR, line);
        }
    }

    private void add(Kind kind, long line) {
        if (first == null) {
            first = kind;
        } else if (kind != first && difference == null) {
            difference = "Line " + line + " ends with " + kind + ", the first one with " + first
                    + ". Let all lines end alike, as an editor or dos2unix does, and send the file again.";
        }
    }

    /** Where a row ends in another way than the first, and what to do; null when all end alike. */
    @Nullable String difference() {
        return difference;
    }
}
