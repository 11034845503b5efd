// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.web.CacheRequestFilter;
import io.monolithcache.web.CacheRequestValve;
import org.apache.catalina.Valve;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what the embedded Tomcat needs, so that an error page sees the scope of its request. */
@AutoConfiguration(after = CacheServletAutoConfiguration.class)
@ConditionalOnClass({TomcatServletWebServerFactory.class, Valve.class})
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean(value = CacheRequestFilter.class, parameterizedContainer = FilterRegistrationBean.class)
public final class CacheTomcatAutoConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> cacheRequestValveCustomizer(
            FilterRegistrationBean<CacheRequestFilter> registration) {
        return factory -> factory.addEngineValves(new CacheRequestValve(registration.getFilter()));
    }
}
