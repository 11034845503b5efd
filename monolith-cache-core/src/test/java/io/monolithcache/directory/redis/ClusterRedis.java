// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Three masters, each with a third of the slots. The owners may do no more than is needed. */
final class ClusterRedis extends RedisKind {

    private static final int NODES = 3;
    /** The bus has a port so much above that of the node. */
    private static final int BUS = 10_000;

    private static final int HIGHEST_PORT = 65_535;

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer.Admin> nodes = new ArrayList<>();
    private @Nullable RedisClusterCommands<String, String> admin;

    @Override
    void start(Path folder) {
        for (int number = 0; number < NODES; number++) {
            int port = freePort();
            RedisServer server = closedAtTheEnd(RedisServer.startAt(
                    port,
                    folder,
                    "--cluster-enabled",
                    "yes",
                    "--cluster-config-file",
                    "nodes-" + port + ".conf",
                    "--cluster-node-timeout",
                    "15000"));
            servers.add(server);
            nodes.add(closedAtTheEnd(server.admin()));
        }
        int share = SlotHash.SLOT_COUNT / NODES + 1;
        for (int number = 0; number < NODES; number++) {
            int first = number * share;
            node(number)
                    .clusterAddSlots(IntStream.range(first, Math.min(first + share, SlotHash.SLOT_COUNT))
                            .toArray());
            node(0).clusterMeet("127.0.0.1", servers.get(number).port());
        }
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> nodes.stream()
                        .map(node -> node.commands().clusterInfo())
                        .allMatch(info ->
                                info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + NODES)));
        nodes.forEach(node -> RestrictedRedis.allow(
                node.commands(), RestrictedRedis.keys("*"), RestrictedRedis.COMMANDS_IN_A_CLUSTER));
        RedisClusterClient client = RedisClusterClient.create(servers.get(0).uri());
        closedAtTheEnd(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
        admin = client.connect().sync();
    }

    private static int freePort() {
        int port = RedisServer.freePort();
        while (port + BUS > HIGHEST_PORT) {
            port = RedisServer.freePort();
        }
        return port;
    }

    RedisClusterCommands<String, String> node(int number) {
        return nodes.get(number).commands();
    }

    RedisURI uri(int number) {
        return servers.get(number).uri();
    }

    /** The number of the node that has the slot of a key. */
    int nodeOf(String key) {
        return SlotHash.getSlot(key) / (SlotHash.SLOT_COUNT / NODES + 1);
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        RedisClusterConfiguration cluster = new RedisClusterConfiguration();
        servers.forEach(server -> cluster.clusterNode(new RedisNode("127.0.0.1", server.port())));
        cluster.setUsername(RestrictedRedis.USER);
        cluster.setPassword(RestrictedRedis.PASSWORD);
        return new LettuceConnectionFactory(cluster, way.client().build());
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return Objects.requireNonNull(admin);
    }
}
