// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Three masters, each with a third of the slots, and perhaps a replica. The owners may do no more than is needed. */
final class ClusterRedis extends RedisKind {

    private static final int MASTERS = 3;
    /** The bus has a port so much above that of the node. */
    private static final int BUS = 10_000;

    private static final Duration ASK_AGAIN = Duration.ofSeconds(6);

    private static final int HIGHEST_PORT = 65_535;

    private final int size;
    private final Duration patience;
    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer.Admin> nodes = new ArrayList<>();
    private @Nullable RedisClusterCommands<String, String> admin;

    ClusterRedis() {
        this(MASTERS, Duration.ofSeconds(15));
    }

    private ClusterRedis(int size, Duration patience) {
        this.size = size;
        this.patience = patience;
    }

    /**
     * The first three nodes are masters, and each of them has the one that is three further as its replica.
     *
     * @param patience how long a node is silent before it is taken for dead
     */
    static ClusterRedis withReplicas(Duration patience) {
        return new ClusterRedis(2 * MASTERS, patience);
    }

    @Override
    void start(Path folder) {
        for (int number = 0; number < size; number++) {
            int port = freePort();
            RedisServer server = closedAtTheEnd(RedisServer.startAt(
                    port,
                    folder,
                    "--cluster-enabled",
                    "yes",
                    "--cluster-config-file",
                    "nodes-" + port + ".conf",
                    "--cluster-node-timeout",
                    String.valueOf(patience.toMillis()),
                    "--cluster-replica-validity-factor",
                    "0",
                    "--repl-diskless-sync-delay",
                    "0"));
            servers.add(server);
            nodes.add(server.admin());
        }
        closedAtTheEnd(() -> nodes.forEach(RedisServer.Admin::close));
        int share = SlotHash.SLOT_COUNT / MASTERS + 1;
        for (int number = 0; number < size; number++) {
            int first = number * share;
            if (number < MASTERS) {
                node(number)
                        .clusterAddSlots(IntStream.range(first, Math.min(first + share, SlotHash.SLOT_COUNT))
                                .toArray());
            }
            node(0).clusterMeet("127.0.0.1", servers.get(number).port());
        }
        await(() -> nodes.stream()
                .map(node -> node.commands().clusterInfo())
                .allMatch(info -> info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + size)));
        for (int number = MASTERS; number < size; number++) {
            String master = node(number - MASTERS).clusterMyId();
            node(number).clusterReplicate(master);
        }
        IntStream.range(0, size).forEach(this::allow);
        RedisClusterClient client = RedisClusterClient.create(servers.get(0).uri());
        closedAtTheEnd(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
        admin = client.connect().sync();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    private void allow(int number) {
        RestrictedRedis.allow(node(number), RestrictedRedis.keys("*"), RestrictedRedis.COMMANDS_IN_A_CLUSTER);
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

    RedisServer server(int number) {
        return servers.get(number);
    }

    /** The number of the node that has the slot of a key, as long as nothing was moved and nobody failed. */
    int nodeOf(String key) {
        return SlotHash.getSlot(key) / (SlotHash.SLOT_COUNT / MASTERS + 1);
    }

    /** The one of the two that have the slot of a key which may be written to. */
    int masterOf(String key) {
        int first = nodeOf(key);
        return isMaster(first) ? first : replicaOf(first);
    }

    /** Who takes the place of a master, or the other way round. */
    int replicaOf(int number) {
        return (number + MASTERS) % size;
    }

    boolean isMaster(int number) {
        return node(number).info("replication").contains("role:master");
    }

    /**
     * Promotes a replica as an operator does, who asks again when the masters did not vote in time: Redis gives a
     * request up after five seconds.
     */
    void promote(int number) {
        AtomicLong asked = new AtomicLong(System.nanoTime() - ASK_AGAIN.toNanos());
        await(() -> {
            if (!isMaster(number) && System.nanoTime() - asked.get() >= ASK_AGAIN.toNanos()) {
                asked.set(System.nanoTime());
                node(number).clusterFailover(false);
            }
            return isMaster(number);
        });
    }

    /** Returns once this one has been promoted, and answers for the slots of the other. */
    void awaitMaster(int number) {
        await(() -> isMaster(number) && node(number).clusterInfo().contains("cluster_state:ok"));
    }

    /** Returns once this one follows the other of the two, and knows all that it does. */
    void awaitReplica(int number) {
        await(() -> node(number).info("replication").contains("master_link_status:up")
                && node(number).clusterInfo().contains("cluster_state:ok"));
        // keys can be looked at there too
        node(number).readOnly();
    }

    /** A node that was killed comes back, empty, with what it knew of the cluster. */
    void startAgain(int number) {
        nodes.get(number).close();
        servers.get(number).startAgain();
        nodes.set(number, servers.get(number).admin());
        allow(number);
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
