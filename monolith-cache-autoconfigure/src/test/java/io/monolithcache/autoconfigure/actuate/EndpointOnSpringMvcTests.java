// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import org.junit.jupiter.api.Nested;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** On Tomcat. */
class EndpointOnSpringMvcTests {

    @Nested
    class Reads extends EndpointReadContract {

        Reads() {
            super(WebApplicationType.SERVLET, Application.class);
        }
    }

    @Nested
    class Changes extends EndpointChangeContract {

        Changes() {
            super(WebApplicationType.SERVLET, Application.class);
        }
    }

    @Nested
    class Protection extends EndpointProtectionContract {

        Protection() {
            super(WebApplicationType.SERVLET, Application.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
