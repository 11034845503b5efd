// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** On Tomcat. */
class EndpointOnSpringMvcTests extends EndpointContract {

    EndpointOnSpringMvcTests() {
        super(WebApplicationType.SERVLET, Application.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
