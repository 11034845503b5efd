// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The servers that an application of Spring MVC may run on. */
enum ServletServer {
    TOMCAT("org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration"),
    JETTY("org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration");

    private final String excluded;

    ServletServer(String excluded) {
        this.excluded = excluded;
    }

    ConfigurableApplicationContext start(Class<?> application, Path root, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.autoconfigure.exclude=" + excluded,
                "--monolith.cache.local.path=" + root));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .web(WebApplicationType.SERVLET)
                .run(arguments.toArray(String[]::new));
        boolean jetty = context.getBeanFactory().containsBean("jettyServletWebServerFactory");
        if (jetty != (this == JETTY)) {
            context.close();
            throw new AssertionError("Started on another server than " + this);
        }
        return context;
    }

    static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
