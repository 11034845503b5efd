// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

/**
 * An operation of a child, from its first line to its last.
 *
 * @param start before it began
 * @param end after it was done; if the child was killed meanwhile, or did not hear what became of it, when it surely
 *     cannot happen any more
 */
record Action(
        int child, String operation, String manager, String id, String detail, long start, long end, Outcome outcome) {

    enum Outcome {
        DONE,
        REFUSED,
        /** Its child was killed meanwhile, or it failed half-way, so it may have happened or not. */
        CUT
    }

    boolean is(String name) {
        return operation.equals(name);
    }

    boolean isDone() {
        return outcome == Outcome.DONE;
    }

    boolean mayHaveHappened() {
        return outcome != Outcome.REFUSED;
    }

    /** Whether this may end a lock. An evict that says the cache is in use has changed nothing, or put it back. */
    boolean mayUnlock() {
        return is("unlock") || is("force") || (is("evict") && !detail.equals("CacheInUseException"));
    }
}
