// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * A table's text, read once from end to end before DuckDB sees it, in memory of a fixed size. What DuckDB would refuse
 * with a message that helps nobody, would guess wrongly, or would die of, is refused here; what it has to be told is
 * learnt here.
 */
abstract class TableText {

    /** More columns than this are hardly a table; they would cost minutes and gigabytes. */
    static final int MAX_COLUMNS = 4_096;

    static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final int BUFFER = 64 * 1024;

    private long line = 1;

    /**
     * Reads the file.
     *
     * @throws UnreadableInputException if it is no such text
     */
    final void check(Path file) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer characters = CharBuffer.allocate(BUFFER);
        try (FileChannel in = FileChannel.open(file)) {
            if (in.size() == 0) {
                throw new UnreadableInputException("The file is empty. " + wanted());
            }
            boolean end;
            do {
                end = in.read(bytes) < 0;
                bytes.flip();
                boolean malformed = decoder.decode(bytes, characters, end).isError();
                characters.flip();
                check(characters);
                if (malformed) {
                    throw new UnreadableInputException("Line " + line
                            + " is not UTF-8 text. Save the file with the encoding UTF-8, and send it again.");
                }
                characters.clear();
                bytes.compact();
            } while (!end);
        }
        atEnd();
    }

    private void check(CharBuffer characters) {
        char[] array = characters.array();
        for (int i = 0; i < characters.limit(); i++) {
            char c = array[i];
            if (c == 0) {
                throw new UnreadableInputException(
                        "Line " + line + " has a NUL character: the file is binary, or UTF-16."
                                + " Save it as text with the encoding UTF-8, and send it again.");
            }
            next(c);
            if (c == '\n') {
                line++;
            }
        }
    }

    /** The line that is being read; in the end, how many there are. */
    final long line() {
        return line;
    }

    /** What has to be sent instead, in a sentence. */
    abstract String wanted();

    /** Looks at a character. Called for each, so it has to be quick. */
    abstract void next(char c);

    /** Looks at what the whole text was. */
    abstract void atEnd();

    /**
     * Writes the file, which was looked at before, as a table.
     *
     * @param bytesPerRow how long its lines are, about
     * @param asText columns that are kept as they are written, whatever type they seem to have
     */
    abstract void write(Database database, Path file, ParquetTable table, long bytesPerRow, Set<String> asText)
            throws SQLException;

    /** The call of DuckDB's table function that reads at least these columns from a file, as they are written. */
    abstract String readerOfText(Path file, List<String> columns);
}
