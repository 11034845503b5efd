// SPDX-License-Identifier: Apache-2.0
package io.monolithcache;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.File;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shape of this module, and why it is so. */
class ArchitectureTests {

    private static final String BASE = "io.monolithcache";
    private static final String DIRECTORY = BASE + ".directory";
    private static final String LOCAL = BASE + ".directory.local..";
    private static final String S3 = BASE + ".directory.s3..";
    private static final String WEB = BASE + ".web..";
    private static final String WEB_FLUX = BASE + ".web.reactive..";
    private static final String STORE = BASE + ".store";
    private static final String OWNER = BASE + ".owner..";

    private static JavaClasses main;
    private static JavaClasses all;

    @BeforeAll
    static void load() {
        all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeJars())
                .importPackages(BASE);
        main = all.that(areMain());
    }

    private static DescribedPredicate<JavaClass> areMain() {
        return DescribedPredicate.describe(
                "main classes",
                type -> type.getSource()
                        .filter(source -> source.getUri().getPath().contains("/target/classes/"))
                        .isPresent());
    }

    @Test
    void packagesDependOneWay() {
        slices().matching(BASE + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("what depends on each other cannot be understood, tested or moved alone")
                .check(main);
    }

    @Test
    void theEngineDoesNotKnowSpringBoot() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot..")
                .because("the core serves applications without Boot; only the auto-configuration knows both")
                .check(main);
    }

    @Test
    void nothingReachesIntoTheLocalStorage() {
        noClasses()
                .that(not(resideInAPackage(LOCAL)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LOCAL)
                .because("a manager works over the two seams; a storage is found by the service loader, so that another"
                        + " can take its place")
                .check(main);
    }

    @Test
    void nothingNeedsS3() {
        noClasses()
                .that(not(resideInAPackage(S3)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(S3, "software.amazon.."))
                .because("most applications are without the AWS SDK, and a class that needs it does not load there")
                .check(main);
    }

    @Test
    void ownersKnowNothingOfDirectories() {
        noClasses()
                .that()
                .resideInAPackage(OWNER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DIRECTORY + "..")
                .because("directories and stores share owners, so owners lie below both")
                .check(main);
    }

    @Test
    void directoriesAndStoresKnowNothingOfEachOther() {
        noClasses()
                .that()
                .resideInAPackage(DIRECTORY + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STORE + "..")
                .because("an application may want one of them alone; what they share is the owner, below both")
                .check(main);
        noClasses()
                .that()
                .resideInAPackage(STORE + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DIRECTORY + "..")
                .because("an application may want one of them alone; what they share is the owner, below both")
                .check(main);
    }

    @Test
    void onlyOneIndexNeedsSqlite() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Sqlite[A-Za-z]*(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.sqlite..", "java.sql..")
                .because("the other indexes work without the driver, and a class that needs it does not load there")
                .check(main);
    }

    @Test
    void onlyTheMemoryTierNeedsCaffeine() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.CaffeineTier(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.benmanes..")
                .because("most stores are without it, and a class that needs it does not load there")
                .check(main);
    }

    @Test
    void onlyFewLibrariesAreNeeded() {
        classes()
                .that()
                .resideInAnyPackage(DIRECTORY, LOCAL, OWNER)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        DIRECTORY,
                        LOCAL,
                        OWNER,
                        "org.slf4j..",
                        "org.jspecify..",
                        "org.springframework.core..",
                        "org.springframework.aot.hint..",
                        "tools.jackson.core.."))
                .because("whatever the core drags in, it drags into every application: jackson-databind alone could"
                        + " change its HTTP converters")
                .check(main);
    }

    @Test
    void reactorIsNeededByScopesOfSubscriptionsOnly() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.ReactiveScopes(\\$.*)?")
                .and()
                .resideOutsideOfPackage(WEB_FLUX)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.reactivestreams..")
                .because("most applications are without it, and a class that needs it does not load there")
                .check(main);
    }

    @Test
    void nothingNeedsTheWeb() {
        noClasses()
                .that(not(resideInAPackage(WEB)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        WEB,
                        "jakarta.servlet..",
                        "org.springframework.web..",
                        "org.springframework.http..",
                        "org.apache.catalina..",
                        "org.eclipse.jetty.."))
                .because("an application need not be a web application")
                .check(main);
    }

    @Test
    void contextPropagationIsNeededByItsAccessorOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("CacheScopeThreadLocalAccessor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .because("only the service loader of context propagation loads the accessor")
                .check(main);
    }

    @Test
    void tomcatIsReachedByOneClass() {
        noClasses()
                .that()
                .doNotHaveSimpleName("CacheRequestValve")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.catalina..", "org.apache.coyote.."))
                .because("an application on Jetty has no Tomcat on its class path")
                .check(main);
    }

    @Test
    void jettyIsReachedByOneClass() {
        noClasses()
                .that()
                .doNotHaveSimpleName("JettyRequests")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .because("an application on Tomcat has no Jetty on its class path")
                .check(main);
    }

    @Test
    void onlyTheLocalStorageTouchesFilesByItself() {
        noClasses()
                .that()
                .resideInAPackage(DIRECTORY)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .because("caches may be in S3; where the bytes are is the storage's business")
                .check(main);
    }

    @Test
    void nobodyWritesToTheConsole() {
        noClasses()
                .should(ACCESS_STANDARD_STREAMS)
                .because("the console belongs to the application, which configures where we log")
                .check(main);
    }

    @Test
    void nobodyUsesTheLoggingOfTheJdk() {
        noClasses()
                .should(USE_JAVA_UTIL_LOGGING)
                .because("Spring applications log through SLF4J")
                .check(main);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .should(beInANullMarkedPackage())
                .because("null is an error unless it is announced, in Kotlin too")
                .check(main);
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        type,
                        type.getPackage().isAnnotatedWith(NullMarked.class),
                        type.getPackageName() + " of " + type.getSimpleName()));
            }
        };
    }

    @Test
    void packagesAreNamedByWhatTheyDo() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..", "..misc..")
                .because("a newcomer finds a thing by its name, and nothing is called misc")
                .check(all);
    }

    @Test
    void nothingIsDeletedOnExit() {
        noClasses()
                .should()
                .callMethod(File.class, "deleteOnExit")
                .because("it keeps every path in memory until the process ends, does nothing when it is killed, and"
                        + " fails on directories with files")
                .check(all);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .that(not(isThisTest()))
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .because("waiting for a state by time is too short on a slow machine and too long on a fast one")
                .check(all);
    }

    private static DescribedPredicate<JavaClass> isThisTest() {
        return JavaClass.Predicates.equivalentTo(ArchitectureTests.class);
    }

    @Test
    void whatIsInternalIsNotPublic() {
        classes()
                .that()
                .resideInAPackage(LOCAL)
                .and()
                .doNotHaveSimpleName("LocalBackendProvider")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .notBePublic()
                .because("a package shows its public types and hides the rest")
                .check(main);
    }
}
