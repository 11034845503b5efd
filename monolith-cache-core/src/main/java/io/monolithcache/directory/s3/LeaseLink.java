// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.owner.OwnerName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a link of a lease says: {@code host|lease in milliseconds}. It is never empty, because an empty link is a dead
 * mark.
 */
record LeaseLink(String host, Duration lease) {

    private static final Pattern FORM = Pattern.compile("([^|]*)\\|(\\d{1,12})");
    private static final String HOST = hostName();

    static LeaseLink ofThisProcess(Duration lease) {
        return new LeaseLink(HOST, lease);
    }

    byte[] text() {
        return (host + "|" + lease.toMillis()).getBytes(StandardCharsets.UTF_8);
    }

    /** Null if it is none of ours. */
    static @Nullable LeaseLink read(byte[] text) {
        Matcher match = FORM.matcher(new String(text, StandardCharsets.UTF_8));
        return match.matches()
                ? new LeaseLink(match.group(1), Duration.ofMillis(Long.parseLong(match.group(2))))
                : null;
    }

    /** Whether a name in {@code owners/} is that of an owner. */
    static boolean isOwner(String name) {
        return OwnerName.parse(name).isPresent();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replace('|', '_');
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }
}
