// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Internal: what a registry attempts on one cache; where that fails, the failure says on which. */
public final class CacheAttempt {

    private CacheAttempt() {}

    /**
     * What {@code step} answers.
     *
     * @param attempt continues "Could not", for instance {@code attach to}
     */
    public static <T extends @Nullable Object> T to(String attempt, CacheId id, Supplier<T> step) {
        try {
            return step.get();
        } catch (CacheRootException unusable) {
            throw unusable;
        } catch (CacheRegistryException failure) {
            throw new CacheRegistryException(
                    "Could not " + attempt + " cache " + id + ". " + failure.description(),
                    failure.action(),
                    failure.getCause());
        } catch (CacheBackendException failure) {
            throw new CacheBackendException(
                    "Could not " + attempt + " cache " + id + ". " + failure.getMessage(), failure.getCause());
        }
    }

    /** The same of what returns nothing. */
    public static void toDo(String attempt, CacheId id, Runnable step) {
        boolean unused = to(attempt, id, () -> {
            step.run();
            return true;
        });
    }
}
