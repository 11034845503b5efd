// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import org.junit.jupiter.api.Nested;
import org.springframework.boot.WebApplicationType;

/** On Tomcat, and on Netty. */
class StoresEndpointOnTheWebTests {

    @Nested
    class OnSpringMvc extends StoresEndpointContract {

        OnSpringMvc() {
            super(WebApplicationType.SERVLET, EndpointOnSpringMvcTests.Application.class);
        }
    }

    @Nested
    class OnWebFlux extends StoresEndpointContract {

        OnWebFlux() {
            super(WebApplicationType.REACTIVE, EndpointOnWebFluxTests.Application.class);
        }
    }
}
