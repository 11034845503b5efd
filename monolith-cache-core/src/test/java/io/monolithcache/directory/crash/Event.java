// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

/**
 * One line of a {@link Journal}.
 *
 * @param time of the monotonic clock, in nanoseconds
 * @param manager the name of the manager within its child
 * @param id of the cache; {@code -} for none
 */
record Event(
        int child, long time, String thread, Phase phase, String operation, String manager, String id, String detail) {

    enum Phase {
        /** An operation begins. */
        WILL,
        /** It was acknowledged. */
        DID,
        /** It was refused, as it may be. */
        REFUSED,
        /** The registry could not be reached, as it may be: it happened or not, or happens later. */
        FAILED,
        /** It failed as it may not. */
        ERROR,
        /** A manager told that it wiped a cache. */
        WIPED,
        /** A manager told that it lost a cache. */
        LOST,
        /** A manager renewed its lease; the detail begins with the time when the renewal had begun. */
        RENEWED,
        /** A child has released everything, and begins nothing any more. */
        CALM,
        /** A child found that something was not there which it holds. */
        MISSED,
        /** Something was done to a child, a connection or the registry. */
        FAULT
    }

    static Event parse(int child, String line) {
        String[] parts = line.split(" ", 7);
        return new Event(
                child,
                Long.parseLong(parts[0]),
                parts[1],
                Phase.valueOf(parts[2]),
                parts[3],
                parts[4],
                parts[5],
                parts[6]);
    }

    @Override
    public String toString() {
        return time + " child " + child + " thread " + thread + " " + phase + " " + operation + " " + manager + " " + id
                + " " + detail;
    }
}
