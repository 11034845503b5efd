// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.ref.Cleaner;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what holds a scope open and was dropped without being closed, with the place in the code that opened it. */
final class ScopeLeaks {

    private static final Logger log = LoggerFactory.getLogger(ScopeLeaks.class);

    /** What lies between a scope and who opened it. */
    private static final List<String> FRAMEWORKS = List.of("java.", "jdk.", "org.springframework.", "reactor.");

    /** One thread, which is there once user code has opened the first scope by hand. */
    private static final class Lazily {
        static final Cleaner CLEANER = Cleaner.create(work -> {
            Thread thread = new Thread(work, "monolith-cache-scope-leaks");
            thread.setDaemon(true);
            // it outlives whoever used it first, whose class loader it must not keep
            thread.setContextClassLoader(null);
            return thread;
        });
    }

    private ScopeLeaks() {}

    /** Watches a handle until it is closed. The result must not be reachable from anything but the handle. */
    static Watch watch(Object handle, AtomicBoolean closed, String what) {
        return new Watch(handle, closed, what, opener());
    }

    /** Runs an action once: when it is asked to, or when the handle is dropped. */
    static Cleaner.Cleanable onDrop(Object handle, Runnable action) {
        return Lazily.CLEANER.register(handle, action);
    }

    /** One frame, not a whole stack trace: that would cost more than the scope. */
    private static String opener() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> isTheirs(frame.getClassName()))
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse("an unknown place"));
    }

    private static boolean isTheirs(String type) {
        return !type.substring(0, Math.max(0, type.lastIndexOf('.'))).equals(ScopeLeaks.class.getPackageName())
                && !type.contains("$$")
                && FRAMEWORKS.stream().noneMatch(type::startsWith);
    }

    /** What is known of a handle when it is gone. */
    static final class Watch implements Runnable {

        private final AtomicBoolean closed;
        private final String what;
        private final String opener;
        private final Cleaner.Cleanable cleanable;

        private Watch(Object handle, AtomicBoolean closed, String what, String opener) {
            this.closed = closed;
            this.what = what;
            this.opener = opener;
            this.cleanable = onDrop(handle, this);
        }

        void end() {
            cleanable.clean();
        }

        @Override
        public void run() {
            if (!closed.get()) {
                log.warn(
                        "A cache scope that was {} at {} was never closed: its directory stays until the process ends",
                        what,
                        opener);
            }
        }
    }
}
