// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A factory with threads of its own, which end with it. It is no bean: the application's are stopped before the last
 * release, and paused between test contexts.
 */
final class OwnConnectionFactory extends LettuceConnectionFactory {

    private static final int LONGEST_END = 2;

    private final ClientResources resources;

    private OwnConnectionFactory(RedisConfiguration where, LettuceClientConfiguration how, ClientResources resources) {
        super(where, how);
        this.resources = resources;
    }

    /**
     * @param how with everything but the resources and the time for a command
     * @param timeout how long a command may take, as a connect and a log-in may
     */
    static OwnConnectionFactory make(
            RedisConfiguration where,
            LettuceClientConfigurationBuilder how,
            Consumer<ClientResources.Builder> customizer,
            Duration timeout) {
        ClientResources.Builder builder = ClientResources.builder();
        customizer.accept(builder);
        ClientResources resources = builder.build();
        LettuceClientConfiguration configuration = how.clientResources(resources)
                .commandTimeout(timeout)
                .shutdownQuietPeriod(Duration.ZERO)
                .build();
        return new OwnConnectionFactory(where, configuration, resources);
    }

    /** The registry itself waits for its commands, and knows what an answer that did not come means. */
    static void leaveWaitingToTheRegistry(ClientOptions.Builder options) {
        options.timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build());
    }

    /** Uses TLS, if there is a bundle. */
    static void use(@Nullable SslBundle bundle, LettuceClientConfigurationBuilder how, ClientOptions.Builder options) {
        if (bundle == null) {
            return;
        }
        how.useSsl();
        SslOptions.Builder ssl = SslOptions.builder()
                .keyManager(bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        String[] ciphers = bundle.getOptions().getCiphers();
        if (ciphers != null) {
            ssl.cipherSuites(ciphers);
        }
        String[] protocols = bundle.getOptions().getEnabledProtocols();
        if (protocols != null) {
            ssl.protocols(protocols);
        }
        options.sslOptions(ssl.build());
    }

    @Override
    public void destroy() {
        super.destroy();
        Future<Boolean> unused = resources.shutdown(0, LONGEST_END, TimeUnit.SECONDS);
    }
}
