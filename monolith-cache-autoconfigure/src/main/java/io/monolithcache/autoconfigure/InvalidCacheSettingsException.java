// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

/** Properties that ask for what there is not, or contradict each other; all that is wrong with them, in one message. */
public final class InvalidCacheSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<InvalidSetting> settings;

    public InvalidCacheSettingsException(List<InvalidSetting> settings) {
        super(settings.stream()
                .map(setting -> setting.description() + " " + setting.action())
                .collect(Collectors.joining(" ")));
        this.settings = List.copyOf(settings);
    }

    /** What is wrong, at least one thing, in the order of the documentation. */
    public List<InvalidSetting> settings() {
        return settings;
    }
}
