// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheRegistryException;
import io.monolithcache.directory.CacheRootException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Tells which of the two that caches need does not work, the disk or who keeps the references, and which property leads
 * to it, instead of a stack trace.
 */
final class CacheBackendFailureAnalyzer extends AbstractFailureAnalyzer<CacheBackendException> {

    private static final String PATH = "monolith.cache.local.path";
    private static final String HOST = "monolith.cache.redis.host";
    private static final String FAIL_FAST = "monolith.cache.redis.fail-fast";

    private final Environment environment;

    CacheBackendFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CacheBackendException cause) {
        if (cause instanceof CacheRootException root) {
            return analysis(root.description(), root.action(), whereTheRootComesFrom(), root);
        }
        if (cause instanceof CacheRegistryException registry) {
            String more = whereRedisComesFrom() + "\n\n" + howToStartWithout();
            return analysis(registry.description(), registry.action(), more, registry);
        }
        String action = "Mend that, or set " + PATH + " to another folder.";
        return analysis(String.valueOf(cause.getMessage()), action, whereTheRootComesFrom(), cause);
    }

    private static FailureAnalysis analysis(
            String description, String action, String more, CacheBackendException cause) {
        return new FailureAnalysis(description, action + "\n\n" + more, cause);
    }

    private String whereTheRootComesFrom() {
        String path = environment.getProperty(PATH);
        return StringUtils.hasText(path)
                ? "The property '" + PATH + "' is '" + path + "'."
                : "The property '" + PATH + "' is not set, so the caches are in the user's cache folder.";
    }

    private String whereRedisComesFrom() {
        String host = environment.getProperty(HOST);
        return StringUtils.hasText(host)
                ? "The property '" + HOST + "' is '" + host + "'."
                : "The property '" + HOST
                        + "' is not set, so this is the application's own Redis: spring.data.redis.*.";
    }

    private String howToStartWithout() {
        String failFast =
                environment.getProperty(FAIL_FAST, Boolean.class, false) ? "set " + FAIL_FAST + " to false, and " : "";
        return "To start without Redis, and to have health say that it is not there, " + failFast
                + "let nothing ask for a cache directory while the application starts.";
    }
}
