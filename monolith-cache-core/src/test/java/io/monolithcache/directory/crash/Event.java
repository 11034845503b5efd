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
        /** It failed as it may not. */
        ERROR,
        /** A manager told that it wiped a cache. */
        WIPED,
        /** A child found that something was not there which it holds. */
        MISSED
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
