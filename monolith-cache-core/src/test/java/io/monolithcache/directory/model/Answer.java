// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import io.monolithcache.directory.CacheException;
import java.util.concurrent.Callable;

/** What the real thing answers, in the words of {@link Expected}. */
final class Answer {

    private Answer() {}

    interface Action {
        void run() throws Exception;
    }

    static String of(Action action) {
        return call(() -> {
            action.run();
            return Expected.OK;
        });
    }

    static String withValue(Callable<?> call) {
        return call(() -> Expected.OK + " " + call.call());
    }

    private static String call(Callable<String> call) {
        try {
            return call.call();
        } catch (CacheException | IllegalStateException refused) {
            return refused.getClass().getSimpleName();
        } catch (Exception unexpected) {
            throw new AssertionError("An exception that nobody should see", unexpected);
        }
    }
}
