// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells everything that is wrong with the properties, instead of a stack trace. */
final class InvalidCacheSettingsFailureAnalyzer extends AbstractFailureAnalyzer<InvalidCacheSettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidCacheSettingsException cause) {
        return new FailureAnalysis(
                "Monolith Cache cannot be configured:\n\n" + lines(cause, InvalidSetting::description),
                "Change the configuration of the application:\n\n" + lines(cause, InvalidSetting::action),
                cause);
    }

    private static String lines(InvalidCacheSettingsException cause, Function<InvalidSetting, String> text) {
        return cause.settings().stream().map(text).map("    - "::concat).collect(Collectors.joining("\n"));
    }
}
