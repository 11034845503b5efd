// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

/** What an upload is called: for people, and for the guess of its format. No path is ever made of it. */
final class UploadName {

    private static final int LONGEST = 200;

    private UploadName() {}

    static String of(Part upload) {
        return of(upload.getSubmittedFileName());
    }

    /** Without folders and control characters, which some clients send and attackers like. */
    static String of(@Nullable String submitted) {
        if (submitted == null) {
            return "upload";
        }
        String last = submitted.substring(1 + Math.max(submitted.lastIndexOf('/'), submitted.lastIndexOf('\\')));
        String printable = last.replaceAll("\\p{Cntrl}", "").strip();
        if (printable.isEmpty()) {
            return "upload";
        }
        return end(printable);
    }

    private static String end(String name) {
        if (name.length() <= LONGEST) {
            return name;
        }
        int start = name.length() - LONGEST;
        return name.substring(Character.isLowSurrogate(name.charAt(start)) ? start + 1 : start);
    }
}
