// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

/**
 * How one owner comes to Redis: through a proxy of its own before each server that it is led to, whoever names that, so
 * that this owner alone can be cut off.
 */
final class Way implements AutoCloseable {

    private static final ClientResources THREADS = ClientResources.builder()
            .ioThreadPoolSize(4)
            .computationThreadPoolSize(2)
            .build();

    private final Map<Integer, TcpProxy> proxies = new ConcurrentHashMap<>();
    private final ClientResources resources = ClientResources.builder()
            .eventLoopGroupProvider(THREADS.eventLoopGroupProvider())
            .eventExecutorGroup(THREADS.eventExecutorGroup())
            .timer(THREADS.timer())
            .socketAddressResolver(MappingSocketAddressResolver.create(
                    DnsResolvers.UNRESOLVED,
                    server ->
                            HostAndPort.of("127.0.0.1", proxy(server.getPort()).port())))
            .build();
    private volatile boolean cut;

    private TcpProxy proxy(int port) {
        return proxies.computeIfAbsent(port, target -> {
            TcpProxy proxy = new TcpProxy(target);
            if (cut) {
                proxy.cut();
            }
            return proxy;
        });
    }

    /** For a client that goes this way, and does not linger when it is closed. */
    LettuceClientConfigurationBuilder client() {
        return LettuceClientConfiguration.builder()
                .clientResources(resources)
                .shutdownQuietPeriod(Duration.ZERO)
                .shutdownTimeout(Duration.ofSeconds(2));
    }

    private void all(Consumer<TcpProxy> step) {
        proxies.values().forEach(step);
    }

    void cut() {
        cut = true;
        all(TcpProxy::cut);
    }

    void mend() {
        cut = false;
        all(TcpProxy::mend);
    }

    void breakConnections() {
        all(TcpProxy::breakConnections);
    }

    /** Those to one server. */
    void breakConnections(int port) {
        proxy(port).breakConnections();
    }

    void stall(boolean on) {
        all(proxy -> proxy.stall(on));
    }

    void holdRequests(boolean on) {
        all(proxy -> proxy.holdRequests(on));
    }

    boolean isHolding() {
        return proxies.values().stream().anyMatch(TcpProxy::isHolding);
    }

    void holdAnswers(boolean on) {
        all(proxy -> proxy.holdAnswers(on));
    }

    @Override
    public void close() {
        all(TcpProxy::close);
        // all but the threads
        Future<Boolean> unused = resources.shutdown(0, 0, TimeUnit.SECONDS);
    }
}
