// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.ReferenceRegistryContract;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Owners of this process, each over a connection of its own; one is killed by cutting that and ending its lease. */
@Timeout(120)
class RedisReferenceRegistryTests extends ReferenceRegistryContract {

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisServer.Admin admin;
    private static int namespaces;

    @TempDir
    Path place;

    private final RedisRegistrySettings settings =
            new RedisRegistrySettings("test" + ++namespaces, Duration.ofSeconds(10), Duration.ofSeconds(2));
    private final RedisKeys keys = new RedisKeys(settings.namespace());
    private final TcpProxy proxy = new TcpProxy(server.port());
    private final Map<ReferenceRegistry, TcpProxy> mortals = new ConcurrentHashMap<>();
    private final List<TcpProxy> proxies = new ArrayList<>(List.of(proxy));

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
        admin = server.admin();
    }

    @AfterAll
    static void stopRedis() {
        admin.close();
        server.close();
    }

    @AfterEach
    void closeProxies() {
        proxies.forEach(TcpProxy::close);
    }

    @Override
    protected DirectoryBackend open() {
        return open(proxy);
    }

    private DirectoryBackend open(TcpProxy over) {
        RedisRegistry registry =
                new RedisRegistry(settings, () -> new LettuceConnectionFactory("127.0.0.1", over.port()));
        return new LocalBackendProvider()
                .open(new DirectoryBackend.Settings(
                        place, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), registry));
    }

    @Override
    protected ReferenceRegistry openMortal() {
        TcpProxy own = new TcpProxy(server.port());
        proxies.add(own);
        ReferenceRegistry mortal = open(own).registry();
        mortal.start((id, trash) -> trash.delete());
        mortals.put(mortal, own);
        return mortal;
    }

    @Override
    protected void kill(ReferenceRegistry mortal) {
        String name = mortal.owner();
        TcpProxy own = mortals.remove(mortal);
        if (own != null) {
            own.cut();
            mortal.close();
        }
        if (name != null) {
            admin.commands().del(keys.owner(name), keys.owner(name.substring(0, name.lastIndexOf('.'))));
        }
    }

    @Override
    protected void beginWipe(CacheId id) {
        admin.commands().hset(keys.cache(id), "phase", "wiping");
    }

    @Override
    protected void disconnect() {
        proxy.cut();
    }

    @Override
    protected void reconnect() {
        proxy.mend();
    }

    @Override
    protected void letPass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().pollInterval(Duration.ofMillis(10)).until(() -> Instant.now().isAfter(end));
    }

    @Override
    protected Duration aWhile() {
        return Duration.ofMillis(300);
    }
}
