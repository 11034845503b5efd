// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Tells what DuckDB's messages mean; SQL states it has none. */
final class DuckDbFailure {

    private static final int LONGEST = 400;
    private static final Pattern WRAPPER =
            Pattern.compile("^Invalid Input Error: Attempting to execute [^\n]*\nError: ");
    private static final Pattern KIND = Pattern.compile("^[A-Z][A-Za-z ]* Error: ");
    private static final Pattern ADVICE = Pattern.compile(
            "(?s)\n(Possible|The search space|\\s*file = |LINE 1:|Try |Column \\S+ is being|\\s*$).*| Try .*");
    private static final Pattern ORIGINAL_LINE =
            Pattern.compile("(?s)Original Line: .*?\n+(?=Expected |Value with |Maximum line |Error when )");
    private static final Pattern PLACE = Pattern.compile(" in file \"[^\"]*\",?| file \"[^\"]*\"");

    /** DuckDB 1.5.4 is one line ahead here, and only here. */
    private static final Pattern MALFORMED_LINE = Pattern.compile("^(Malformed JSON at byte \\d+ in line )(\\d+)");

    private DuckDbFailure() {}

    /** Whether the reader could not even begin, or lost its way, and does not tell where it failed. */
    static boolean isVague(SQLException failure) {
        String message = message(failure);
        return message.contains("when sniffing file") || message.contains("state machine reached an invalid state");
    }

    /**
     * The failure as what it means for whoever sent the input, or runs the service.
     *
     * @throws IOException if the disk is full
     */
    static RuntimeException translate(SQLException failure, Path directory, ProfileProperties limits)
            throws IOException {
        String message = message(failure);
        String kind = KIND.matcher(message)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElse("");
        return switch (kind) {
            case "IO Error: " -> throw new IOException("DuckDB, in " + directory + ": " + message, failure);
            case "Out of Memory Error: " ->
                new UnreadableInputException("This takes more than the "
                        + limits.memoryLimit().toMegabytes()
                        + " MB of memory that there are for one request. Send fewer columns, or shorter values.");
            case "INTERRUPT Error: " ->
                new UnreadableInputException("This takes longer than the "
                        + limits.timeLimit().toSeconds()
                        + " seconds that there are for one request. Send fewer rows or columns.");
            case "Invalid Input Error: ", "Conversion Error: " ->
                new UnreadableInputException("DuckDB cannot read it: " + useful(message));
            default -> new IllegalStateException("DuckDB failed in " + directory, failure);
        };
    }

    /** What is wrong and where, without DuckDB's options, its suggestions, our paths, and a line of two megabytes. */
    private static String useful(String message) {
        String text = KIND.matcher(message).replaceFirst("");
        text = ORIGINAL_LINE.matcher(text).replaceFirst("");
        text = ADVICE.matcher(text).replaceFirst("");
        text = PLACE.matcher(text).replaceAll("");
        text = MALFORMED_LINE
                .matcher(text)
                .replaceFirst(match -> match.group(1) + (Long.parseLong(match.group(2)) - 1));
        text = text.strip().replaceAll("\\s*\n\\s*", ". ").replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Without what the driver puts before it when a statement fails as it is prepared. */
    private static String message(SQLException failure) {
        return WRAPPER.matcher(Objects.requireNonNullElse(failure.getMessage(), ""))
                .replaceFirst("");
    }
}
