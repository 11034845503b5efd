// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** On Netty. */
class EndpointOnWebFluxTests {

    @Nested
    class Reads extends EndpointReadContract {

        Reads() {
            super(WebApplicationType.REACTIVE, Application.class);
        }
    }

    @Nested
    class Changes extends EndpointChangeContract {

        Changes() {
            super(WebApplicationType.REACTIVE, Application.class);
        }
    }

    @Nested
    class Protection extends EndpointProtectionContract {

        Protection() {
            super(WebApplicationType.REACTIVE, Application.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        /** With the global ones, the end of one application is the end of every server in the process. */
        @Bean
        ReactorResourceFactory reactorResourceFactory() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }
    }
}
