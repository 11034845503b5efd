// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

class RedisPlacesTests {

    private static final List<DataRedisConnectionDetails.Node> NODES =
            List.of(new DataRedisConnectionDetails.Node("a", 1), new DataRedisConnectionDetails.Node("b", 2));

    private final DataRedisProperties properties = new DataRedisProperties();

    private static class WithAUser implements DataRedisConnectionDetails {

        @Override
        public String getUsername() {
            return "shop";
        }

        @Override
        public String getPassword() {
            return "secret";
        }
    }

    @Test
    void alone() {
        RedisConfiguration where = RedisPlaces.of(
                new WithAUser() {
                    @Override
                    public Standalone getStandalone() {
                        return Standalone.of("redis", 6380, 3);
                    }
                },
                properties);

        RedisStandaloneConfiguration expected = new RedisStandaloneConfiguration("redis", 6380);
        expected.setDatabase(3);
        expected.setUsername("shop");
        expected.setPassword(RedisPassword.of("secret"));
        assertThat(where).isEqualTo(expected);
    }

    @Test
    void behindSentinel() {
        RedisConfiguration where = RedisPlaces.of(
                new WithAUser() {
                    @Override
                    public Sentinel getSentinel() {
                        return new Sentinel() {
                            @Override
                            public int getDatabase() {
                                return 2;
                            }

                            @Override
                            public String getMaster() {
                                return "main";
                            }

                            @Override
                            public List<Node> getNodes() {
                                return NODES;
                            }

                            @Override
                            public String getUsername() {
                                return "guard";
                            }

                            @Override
                            public String getPassword() {
                                return "guarded";
                            }
                        };
                    }
                },
                properties);

        RedisSentinelConfiguration expected = new RedisSentinelConfiguration();
        expected.master("main");
        expected.setSentinels(List.of(new RedisNode("a", 1), new RedisNode("b", 2)));
        expected.setDatabase(2);
        expected.setUsername("shop");
        expected.setPassword(RedisPassword.of("secret"));
        expected.setSentinelUsername("guard");
        expected.setSentinelPassword(RedisPassword.of("guarded"));
        assertThat(where).isEqualTo(expected);
    }

    @Test
    void inACluster() {
        properties.setCluster(new DataRedisProperties.Cluster());
        properties.getCluster().setMaxRedirects(7);

        RedisClusterConfiguration expected = cluster();
        expected.setMaxRedirects(7);
        assertThat(RedisPlaces.of(new InACluster(), properties)).isEqualTo(expected);
    }

    @Test
    void inAClusterOfAServiceWithoutProperties() {
        assertThat(RedisPlaces.of(new InACluster(), properties)).isEqualTo(cluster());
    }

    private static RedisClusterConfiguration cluster() {
        RedisClusterConfiguration expected = new RedisClusterConfiguration();
        expected.setClusterNodes(List.of(new RedisNode("a", 1), new RedisNode("b", 2)));
        expected.setUsername("shop");
        expected.setPassword(RedisPassword.of("secret"));
        return expected;
    }

    private static final class InACluster extends WithAUser {

        @Override
        public Cluster getCluster() {
            return () -> NODES;
        }
    }
}
