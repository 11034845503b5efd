// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheRootException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Tells what is wrong with the storage of the caches and which property leads to it, instead of a stack trace. */
final class CacheBackendFailureAnalyzer extends AbstractFailureAnalyzer<CacheBackendException> {

    private static final String PROPERTY = "monolith.cache.local.path";

    private static final String WITHOUT_REDIS =
            "Start that Redis, or correct monolith.cache.redis.* (spring.data.redis.*"
                    + " where monolith.cache.redis.host is not set).\n\nTo start without Redis, and to have health say that it is"
                    + " not there, set monolith.cache.redis.fail-fast to false.";

    private final Environment environment;

    CacheBackendFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CacheBackendException cause) {
        if (cause instanceof CacheRootException root) {
            return analysis(root.description(), root.action(), root);
        }
        if (cause instanceof RegistryUnreachableException) {
            return new FailureAnalysis(String.valueOf(cause.getMessage()), WITHOUT_REDIS, cause);
        }
        String action = "Mend that, or set " + PROPERTY + " to another folder.";
        return analysis(String.valueOf(cause.getMessage()), action, cause);
    }

    private FailureAnalysis analysis(String description, String action, CacheBackendException cause) {
        return new FailureAnalysis(description, action + "\n\n" + whereItComesFrom(), cause);
    }

    private String whereItComesFrom() {
        String path = environment.getProperty(PROPERTY);
        return StringUtils.hasText(path)
                ? "The property '" + PROPERTY + "' is '" + path + "'."
                : "The property '" + PROPERTY + "' is not set, so the caches are in the user's cache folder.";
    }
}
