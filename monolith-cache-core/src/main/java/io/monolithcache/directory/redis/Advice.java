// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

/** What to do about what Redis, or the network on the way to it, says; a script may have put words before that. */
final class Advice {

    private Advice() {}

    static String on(String message) {
        if (message.contains("NOAUTH ") || message.contains("WRONGPASS ") || message.contains("ERR AUTH")) {
            return "Check monolith.cache.redis.username and monolith.cache.redis.password.";
        }
        if (message.contains("NOPERM ") || message.contains("The user executing the script")) {
            return "Give the user of monolith.cache.redis.username the right to the commands that are needed, and to the"
                    + " keys of monolith.cache.redis.namespace.";
        }
        if (message.contains("READONLY ")) {
            return "Set monolith.cache.redis.host to the master: a replica takes no references.";
        }
        if (message.contains("OOM ")) {
            return "Give Redis more memory (maxmemory); it has to keep every reference.";
        }
        if (message.contains("DB index")) {
            return "Set monolith.cache.redis.database to one that there is.";
        }
        if (message.contains("unknown command")) {
            return "Use Redis 6.2 or newer, with its commands under their own names.";
        }
        return "Check that Redis runs and can be reached, and monolith.cache.redis.* (host, port, ssl).";
    }
}
