// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides between a newcomer and the entry that would go for it, by how often both were used lately. Newcomers are left
 * alone in a window of a hundredth of all entries, so that they can show what they are worth.
 */
final class Admission {

    private static final int WINDOW_SHARE = 100;

    private final FrequencySketch sketch;
    private final Deque<EntryHash> window = new ArrayDeque<>();

    Admission(FrequencySketch sketch) {
        this.sketch = sketch;
    }

    /** An entry was asked for, whether it is there or not. */
    void asked(EntryHash hash) {
        sketch.increment(hash.prefix());
    }

    /** Those that leave the window while there is room for all stay without having been compared. */
    synchronized void entered(EntryHash hash, long entries) {
        window.add(hash);
        while (window.size() > size(entries) + 1) {
            EntryHash unused = window.remove();
        }
    }

    private static long size(long entries) {
        return Math.max(1, entries / WINDOW_SHARE);
    }

    /** Which of the two is to go. */
    synchronized EntryHash choose(EntryHash victim, long entries) {
        if (window.size() <= size(entries)) {
            return victim;
        }
        EntryHash newcomer = window.remove();
        return sketch.frequency(newcomer.prefix()) > sketch.frequency(victim.prefix()) ? victim : newcomer;
    }
}
