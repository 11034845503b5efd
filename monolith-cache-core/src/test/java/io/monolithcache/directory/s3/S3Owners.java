// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryOwners;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the contract does with owners over one prefix of a real S3. They are of this process, each over a way of its
 * own; one is killed by cutting that and writing its dead mark.
 */
final class S3Owners implements RegistryOwners {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Everybody looks each time whether his cache was evicted by force. */
    private static final S3RegistrySettings SETTINGS =
            new S3RegistrySettings(Duration.ofSeconds(60), Duration.ofHours(1), Duration.ZERO);

    private final S3Client client;
    private final S3Place place;
    private final Way shared = new Way();
    private final Map<ReferenceRegistry, Way> mortals = new ConcurrentHashMap<>();
    private final S3Objects admin;

    /** One of several ways over one client, on which requests come through, or do not. */
    private final class Way implements InvocationHandler {

        private volatile boolean cut;

        private S3Client client() {
            return (S3Client)
                    Proxy.newProxyInstance(S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, this);
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (cut) {
                throw SdkClientException.create("the way is cut");
            }
            try {
                return method.invoke(client, arguments);
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            }
        }
    }

    S3Owners(S3Client client, S3Place place) {
        this.client = client;
        this.place = place;
        this.admin = objects(new Way());
    }

    private S3Objects objects(Way way) {
        S3Client over = way.client();
        return new S3Objects(() -> over, place, TIMEOUT);
    }

    @Override
    public DirectoryBackend open() {
        return open(shared);
    }

    private DirectoryBackend open(Way way) {
        S3Client over = way.client();
        S3TransferSettings transfers = S3TransferSettings.defaults().withTimeout(TIMEOUT);
        return new S3Storage(() -> over, place, SETTINGS, transfers, Duration.ZERO)
                .open(new DirectoryBackend.Settings(null, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), null));
    }

    @Override
    public ReferenceRegistry openMortal() {
        Way own = new Way();
        ReferenceRegistry mortal = open(own).registry();
        mortal.start((id, trash) -> trash.delete());
        mortals.put(mortal, own);
        return mortal;
    }

    @Override
    public void kill(ReferenceRegistry mortal) {
        String name = mortal.owner();
        Way own = mortals.remove(mortal);
        if (own == null) {
            return;
        }
        own.cut = true;
        mortal.close();
        if (name != null) {
            Numbered links = Numbered.list(admin, S3Keys.chain(name));
            var unused = admin.putIfAbsent(S3Keys.link(name, links.highest() + 1), new byte[0]);
        }
    }

    @Override
    public void beginWipe(CacheId id) {
        Numbered versions = Numbered.list(admin, S3Keys.versions(id));
        String highest = S3Keys.version(id, versions.highest());
        CacheState state = CacheStateJson.read(
                highest, Objects.requireNonNull(admin.get(highest)).content());
        var unused =
                admin.putIfAbsent(S3Keys.version(id, versions.highest() + 1), CacheStateJson.write(state.wiping()));
    }

    @Override
    public void disconnect() {
        shared.cut = true;
    }

    @Override
    public void reconnect() {
        shared.cut = false;
    }

    @Override
    public void letPass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().pollInterval(Duration.ofMillis(10)).until(() -> Instant.now().isAfter(end));
    }
}
