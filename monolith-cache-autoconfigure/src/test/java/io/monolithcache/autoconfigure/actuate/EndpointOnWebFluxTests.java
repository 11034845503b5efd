// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.autoconfigure.OwnReactorResources;
import org.junit.jupiter.api.Nested;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

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
    @Import(OwnReactorResources.class)
    static class Application {}
}
