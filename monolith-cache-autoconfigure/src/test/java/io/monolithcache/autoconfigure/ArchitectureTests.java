// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

class ArchitectureTests {

    private static final String WIRING = "io.monolithcache.autoconfigure..";
    private static final String WEB = "io.monolithcache.autoconfigure.web..";
    private static final String REDIS = "io.monolithcache.autoconfigure.redis..";
    private static final String S3 = "io.monolithcache.autoconfigure.s3..";
    private static final String ACTUATE = "io.monolithcache.autoconfigure.actuate..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.monolithcache");

    @Test
    void wiringUsesNothingButTheCoreAndSpring() {
        classes()
                .that()
                .resideInAPackage(WIRING)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        WIRING,
                        "io.monolithcache.directory",
                        "io.monolithcache.directory.event",
                        "io.monolithcache.directory.redis",
                        "io.monolithcache.directory.s3",
                        "software.amazon.awssdk..",
                        "io.lettuce..",
                        "io.netty.util.concurrent",
                        "io.micrometer..",
                        "org.slf4j..",
                        "io.monolithcache.scope",
                        "io.monolithcache.store",
                        "io.monolithcache.store.index",
                        "io.monolithcache.web..",
                        "jakarta.servlet..",
                        "org.apache.catalina..",
                        "org.springframework..",
                        "org.jspecify.annotations..",
                        "java..")
                .because("this module only wires what the core does, through the core's public types, and every other"
                        + " library that it needed would come to every application")
                .check(CLASSES);
    }

    @Test
    void theCoreKnowsNothingOfSpringBoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage(WIRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.boot..", WIRING)
                .because("the core works without Spring Boot, and dependencies point one way: autoconfigure to core")
                .check(CLASSES);
    }

    @Test
    void theActuatorIsReachedFromItsOwnPackageOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.monolithcache.autoconfigure..")
                .and()
                .resideOutsideOfPackage(ACTUATE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ACTUATE,
                        "org.springframework.boot.actuate..",
                        "org.springframework.boot.health..",
                        "io.micrometer..")
                .because(
                        "the actuator and Micrometer are optional: a reference from elsewhere would fail where they are"
                                + " not on the class path")
                .check(CLASSES);
    }

    @Test
    void theWebIsReachedFromItsOwnPackageOnly() {
        noClasses()
                .that()
                .resideInAPackage(WIRING)
                .and()
                .resideOutsideOfPackages(WEB, ACTUATE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        WEB, "io.monolithcache.web..", "jakarta.servlet..", "org.apache..", "org.springframework.web..")
                .because("an application need not be a web application")
                .check(CLASSES);
    }

    @Test
    void redisIsReachedFromItsOwnPackageOnly() {
        noClasses()
                .that()
                .resideInAPackage(WIRING)
                .and()
                .resideOutsideOfPackage(REDIS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        REDIS, "org.springframework.data..", "org.springframework.boot.data..", "io.lettuce..")
                .because("an application need not have Redis, nor its libraries")
                .check(CLASSES);
    }

    @Test
    void theAwsSdkIsReachedFromItsOwnPackageOnly() {
        noClasses()
                .that()
                .resideInAPackage(WIRING)
                .and()
                .resideOutsideOfPackage(S3)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .because("an application need not have S3, nor its libraries")
                .check(CLASSES);
    }

    @Test
    void thereAreNoPackageCycles() {
        slices().matching("io.monolithcache.autoconfigure.(**)")
                .should()
                .beFreeOfCycles()
                .because("each technology could become a module of its own")
                .check(CLASSES);
    }

    @Test
    void autoConfigurationsAreNamedSoAndPublicAndFinal() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .haveSimpleNameEndingWith("AutoConfiguration")
                .andShould()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .because("an application names them to exclude them or to order its own after them, and nobody extends"
                        + " them")
                .check(CLASSES);
    }

    @Test
    void beanMethodsArePackagePrivate() {
        methods()
                .that()
                .areAnnotatedWith(Bean.class)
                .should()
                .bePackagePrivate()
                .because("Spring calls them, and nobody else should")
                .check(CLASSES);
    }

    @Test
    void conditionsTestNoPropertyButEnabled() {
        classes()
                .that()
                .resideInAPackage(WIRING)
                .should(testNoPropertyButEnabled())
                .because("ahead-of-time processing freezes conditions: what a property of the run decides is decided in"
                        + " Java when the bean is created")
                .check(CLASSES);
    }

    /** What these turn off is looked at again when it is created: under ahead-of-time processing it fails. */
    private static ArchCondition<JavaClass> testNoPropertyButEnabled() {
        List<String> allowedNames = List.of("monolith.cache.enabled", "monolith.cache.files.enabled");
        return new ArchCondition<>("test no properties but " + allowedNames) {

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean allowed = type.tryGetAnnotationOfType(ConditionalOnProperty.class)
                        .map(condition -> allowedNames.containsAll(Arrays.asList(condition.name())))
                        .orElse(true);
                boolean others = type.isAnnotatedWith(ConditionalOnBooleanProperty.class)
                        || type.isAnnotatedWith(ConditionalOnExpression.class)
                        || type.getMethods().stream()
                                .anyMatch(method -> method.isAnnotatedWith(ConditionalOnProperty.class)
                                        || method.isAnnotatedWith(ConditionalOnBooleanProperty.class)
                                        || method.isAnnotatedWith(ConditionalOnExpression.class));
                if (!allowed || others) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " tests another property"));
                }
            }
        };
    }
}
