// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcomes;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Starts a web application on the class path of its own class loader and tells what is in it. Knows none of our
 * classes, so that it also runs without them, and returns types of the JDK only, which all class loaders share.
 */
public final class ApplicationProbe {

    private ApplicationProbe() {}

    /** Names of beans, conditions and converters to what is known of each; the converters in their order. */
    public static Map<String, List<String>> probe(String type, String root) {
        if (type.equals("SERVLET")) {
            Servlet.leaveTheProcessAlone();
        }
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.valueOf(type))
                .registerShutdownHook(false)
                .run(
                        "--server.port=0",
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=off",
                        "--management.endpoints.web.exposure.include=*",
                        "--monolith.cache.local.path=" + root)) {
            Map<String, List<String>> known = new TreeMap<>();
            beans(context.getBeanFactory(), known);
            conditions(ConditionEvaluationReport.get(context.getBeanFactory()), known);
            known.put(
                    "converters", type.equals("SERVLET") ? Servlet.converters(context) : Reactive.converters(context));
            return known;
        }
    }

    private static void beans(ConfigurableListableBeanFactory factory, Map<String, List<String>> known) {
        for (String name : factory.getBeanDefinitionNames()) {
            String type = String.valueOf(factory.getType(name, false));
            known.put("bean " + name, List.of(type.replaceFirst("\\$\\$Lambda.*", "")));
        }
    }

    private static void conditions(ConditionEvaluationReport report, Map<String, List<String>> known) {
        report.getConditionAndOutcomesBySource()
                .forEach((source, outcomes) -> known.put("condition " + source, conditions(outcomes)));
        report.getUnconditionalClasses().forEach(name -> known.put("unconditional " + name, List.of()));
        report.getExclusions().forEach(name -> known.put("exclusion " + name, List.of()));
    }

    private static List<String> conditions(ConditionAndOutcomes outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome.getCondition().getClass().getName() + " "
                        + outcome.getOutcome().isMatch() + " "
                        + outcome.getOutcome().getMessage())
                .sorted()
                .toList();
    }

    private static List<String> classes(Stream<?> objects) {
        return objects.map(Objects::requireNonNull)
                .map(object -> object.getClass().getName())
                .toList();
    }

    private static final class Servlet {

        /**
         * A process has one factory of URL handlers; a second Tomcat, in another class loader, could not set its own.
         */
        static void leaveTheProcessAlone() {
            TomcatURLStreamHandlerFactory.disable();
        }

        static List<String> converters(ConfigurableApplicationContext context) {
            return classes(context.getBean(RequestMappingHandlerAdapter.class).getMessageConverters().stream());
        }
    }

    private static final class Reactive {

        static List<String> converters(ConfigurableApplicationContext context) {
            ServerCodecConfigurer codecs = context.getBean(ServerCodecConfigurer.class);
            return classes(Stream.concat(codecs.getReaders().stream(), codecs.getWriters().stream()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
