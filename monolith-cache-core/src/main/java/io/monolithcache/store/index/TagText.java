// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.util.HashSet;
import java.util.Set;

/**
 * Tags in one text, in their order: {@code green;hot;}. A semicolon or a backslash within a tag has a backslash before
 * it.
 */
final class TagText {

    private static final char END = ';';
    private static final char ESCAPE = '\\';

    private TagText() {}

    static String write(Set<String> tags) {
        if (tags.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        tags.stream().sorted().forEach(tag -> {
            for (int i = 0; i < tag.length(); i++) {
                char next = tag.charAt(i);
                if (next == END || next == ESCAPE) {
                    text.append(ESCAPE);
                }
                text.append(next);
            }
            text.append(END);
        });
        return text.toString();
    }

    /** @throws IllegalArgumentException if this is no such text */
    static Set<String> read(String text) {
        if (text.isEmpty()) {
            return Set.of();
        }
        Set<String> tags = new HashSet<>();
        StringBuilder tag = new StringBuilder();
        boolean ended = false;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            ended = next == END;
            if (ended) {
                tags.add(tag.toString());
                tag.setLength(0);
            } else if (next == ESCAPE && i + 1 < text.length()) {
                i++;
                tag.append(text.charAt(i));
            } else {
                tag.append(next);
            }
        }
        if (!ended) {
            throw new IllegalArgumentException("Tags that do not end: " + text);
        }
        return tags;
    }
}
