// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.util.List;

/**
 * What a script answered.
 *
 * @param word what became of it, see the script
 * @param epoch the epoch in which it ran
 * @param now the time of Redis, in milliseconds
 * @param ripe when everything may be decided in this epoch, by the same clock
 * @param rest what this script tells beside
 */
record Answer(String word, String epoch, long now, long ripe, List<Object> rest) {

    private static final int HEAD = 4;

    static Answer of(List<Object> parts) {
        return new Answer(
                (String) parts.get(0),
                (String) parts.get(1),
                (Long) parts.get(2),
                (Long) parts.get(3),
                List.copyOf(parts.subList(HEAD, parts.size())));
    }

    boolean is(String expected) {
        return word.equals(expected);
    }

    /** In how many milliseconds everything may be decided; zero or less if it may be now. */
    long untilRipe() {
        return ripe - now;
    }

    static String seconds(long millis) {
        return (millis + 999) / 1000 + " s";
    }

    String text(int index) {
        return (String) rest.get(index);
    }

    int number(int index) {
        return Math.toIntExact((Long) rest.get(index));
    }

    List<String> texts() {
        return texts(rest);
    }

    List<String> list(int index) {
        return texts((List<?>) rest.get(index));
    }

    private static List<String> texts(List<?> parts) {
        return parts.stream().map(String.class::cast).toList();
    }
}
