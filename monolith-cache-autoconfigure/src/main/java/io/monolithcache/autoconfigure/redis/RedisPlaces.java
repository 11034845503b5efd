// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** Where connection details say that Redis is: behind Sentinel, in a cluster, or alone; looked for in Boot's order. */
final class RedisPlaces {

    private RedisPlaces() {}

    static RedisConfiguration of(DataRedisConnectionDetails details, DataRedisProperties properties) {
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            return behind(sentinel, details);
        }
        Cluster cluster = details.getCluster();
        if (cluster != null) {
            return in(cluster, details, properties.getCluster());
        }
        Standalone alone = Objects.requireNonNull(details.getStandalone(), "Connection details name no Redis");
        RedisStandaloneConfiguration where = new RedisStandaloneConfiguration(alone.getHost(), alone.getPort());
        where.setDatabase(alone.getDatabase());
        where.setUsername(details.getUsername());
        where.setPassword(RedisPassword.of(details.getPassword()));
        return where;
    }

    private static RedisSentinelConfiguration behind(Sentinel sentinel, DataRedisConnectionDetails details) {
        RedisSentinelConfiguration where = new RedisSentinelConfiguration();
        where.master(sentinel.getMaster());
        where.setSentinels(nodes(sentinel.getNodes()));
        where.setDatabase(sentinel.getDatabase());
        where.setUsername(details.getUsername());
        where.setPassword(RedisPassword.of(details.getPassword()));
        where.setSentinelUsername(sentinel.getUsername());
        where.setSentinelPassword(RedisPassword.of(sentinel.getPassword()));
        return where;
    }

    private static RedisClusterConfiguration in(
            Cluster cluster, DataRedisConnectionDetails details, DataRedisProperties.@Nullable Cluster properties) {
        RedisClusterConfiguration where = new RedisClusterConfiguration();
        where.setClusterNodes(nodes(cluster.getNodes()));
        where.setUsername(details.getUsername());
        where.setPassword(RedisPassword.of(details.getPassword()));
        Integer most = properties == null ? null : properties.getMaxRedirects();
        if (most != null) {
            where.setMaxRedirects(most);
        }
        return where;
    }

    private static List<RedisNode> nodes(List<Node> nodes) {
        return nodes.stream()
                .map(node -> new RedisNode(node.host(), node.port()))
                .toList();
    }
}
