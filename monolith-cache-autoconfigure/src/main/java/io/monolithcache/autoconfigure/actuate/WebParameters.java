// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.convert.DurationStyle;

/** Reads parameters of a request; what cannot be read is refused with a sentence that names it. */
final class WebParameters {

    private static final int LONGEST_ECHO = 40;

    private WebParameters() {}

    static @Nullable Integer integer(String name, @Nullable String text) {
        try {
            return text == null ? null : Integer.valueOf(text);
        } catch (NumberFormatException notANumber) {
            throw invalid(name, "a whole number", text);
        }
    }

    /** Strict: what is not clearly meant neither evicts by force nor unlocks. */
    static @Nullable Boolean bool(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(name, "true or false", text);
        };
    }

    /** A number without a unit is refused, though Boot reads it as milliseconds. */
    static @Nullable Duration duration(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String expected = "a time such as PT1H or 90s";
        if (text.matches("[+-]?[0-9]+")) {
            throw invalid(name, expected, text);
        }
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException | ArithmeticException notATime) {
            throw invalid(name, expected, text);
        }
    }

    static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            String message = "The parameter '" + name + "' is missing";
            throw new InvalidEndpointRequestException(message, message);
        }
        return value;
    }

    private static InvalidEndpointRequestException invalid(String name, String expected, @Nullable String text) {
        String message = "The parameter '" + name + "' is " + expected + ", not '" + shortened(text) + "'";
        return new InvalidEndpointRequestException(message, message);
    }

    /** What came from outside is repeated in a harmless, short form. */
    private static String shortened(@Nullable String text) {
        String harmless = String.valueOf(text).replaceAll("[^\\x20-\\x7e]", "?");
        return harmless.length() <= LONGEST_ECHO ? harmless : harmless.substring(0, LONGEST_ECHO) + "…";
    }
}
