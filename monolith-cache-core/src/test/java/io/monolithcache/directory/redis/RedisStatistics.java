// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often each command has run, as {@code INFO commandstats} counts; those that scripts run are among them.
 *
 * @param calls by the name of the command
 */
record RedisStatistics(Map<String, Long> calls) {

    private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    static RedisStatistics of(RedisClusterCommands<String, String> redis) {
        Map<String, Long> calls = new TreeMap<>();
        Matcher lines = LINE.matcher(redis.info("commandstats"));
        while (lines.find()) {
            calls.put(lines.group(1), Long.valueOf(lines.group(2)));
        }
        return new RedisStatistics(calls);
    }

    long calls(String command) {
        return calls.getOrDefault(command, 0L);
    }
}
