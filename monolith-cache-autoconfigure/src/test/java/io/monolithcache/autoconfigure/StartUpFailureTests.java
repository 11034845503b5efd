// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheRegistryException;
import io.monolithcache.directory.CacheRootException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

/** What an application prints that cannot start because of its caches. */
@ExtendWith(OutputCaptureExtension.class)
class StartUpFailureTests {

    @TempDir
    Path folder;

    @Test
    void aRootThatIsAFile(CapturedOutput output) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatStartFails("monolith.cache.local.path=" + file);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The cache root " + file.toRealPath() + " is a file, not a folder.")
                .contains("Set monolith.cache.local.path to a folder, or remove that file.")
                .contains("The property 'monolith.cache.local.path' is '" + file + "'.");
    }

    @Test
    void aRootBelowAFile(CapturedOutput output) throws IOException {
        Path root = Files.createFile(folder.resolve("file")).resolve("root");
        assertThatStartFails("monolith.cache.local.path=" + root);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("set monolith.cache.local.path to another folder")
                .contains("The property 'monolith.cache.local.path' is '" + root + "'.");
    }

    @Test
    void aRootThatIsReadOnly(CapturedOutput output) throws IOException, InterruptedException {
        String printed = canIgnorePermissions() ? printedOnAReadOnlyMount() : printedWithoutPermission(output);
        assertThat(printed)
                .contains("APPLICATION FAILED TO START")
                .contains(" is read-only for this process.")
                .contains("set monolith.cache.local.path to another folder");
    }

    /** For root, a mode proves nothing: a mount in a namespace of its own does. */
    private String printedOnAReadOnlyMount() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Path root = Files.createDirectory(folder.resolve("root"));
        Process child = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o ro none \"$1\" || exit 77; shift; exec \"$@\"",
                        "sh",
                        root.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Application.class.getName(),
                        "--monolith.cache.local.path=" + root)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
        String printed = Files.readString(log, StandardCharsets.UTF_8);
        assumeTrue(
                child.exitValue() != 77 && !printed.startsWith("unshare:"),
                () -> "Nothing can be mounted here: " + printed);
        return printed;
    }

    private String printedWithoutPermission(CapturedOutput output) throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        assertThat(root.toFile().setWritable(false)).isTrue();
        assertThatStartFails("monolith.cache.local.path=" + root);
        return output.getAll();
    }

    private static boolean canIgnorePermissions() throws IOException {
        return Files.isWritable(Path.of("/"))
                && Files.getOwner(Path.of("/")).getName().equals("root");
    }

    @Test
    void aRootOfSomebodyElse(CapturedOutput output) throws IOException {
        Path taken = Files.createDirectory(folder.resolve("monolith-cache"));
        assumeTrue(canIgnorePermissions(), "Only root can give a folder away");
        Files.setAttribute(taken, "unix:uid", 65_533);
        assertThatStartFails("monolith.cache.local.path=" + folder);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(taken.toRealPath() + " belongs to another user")
                .contains("Set monolith.cache.local.path to a folder of this user");
    }

    @Test
    void aRootOfAnotherRegistry(CapturedOutput output) throws IOException {
        keptBy("version=1\nroot=01k8xq7d3v9m2c4n6p8r0s1t5w\nregistry=redis\n");
        assertThatStartFails("monolith.cache.local.path=" + folder);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("is kept by the registry 'redis'")
                .contains("Set monolith.cache.registry=redis, or monolith.cache.local.path to another folder.");
    }

    @Test
    void aRootOfANewerFormat(CapturedOutput output) throws IOException {
        keptBy("version=2\n");
        assertThatStartFails("monolith.cache.local.path=" + folder);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("has the format '2'")
                .contains("set monolith.cache.local.path to another folder");
    }

    private void keptBy(String format) throws IOException {
        Path internal = Files.createDirectories(folder.resolve("monolith-cache/.monolith"));
        Files.writeString(internal.resolve("format"), format);
    }

    @Test
    void aRootOnANetworkFileSystem() {
        // Nothing can be mounted over the network here: the core's tests find one out, this is how it is told.
        CacheRootException failure = new CacheRootException(
                "The cache root /net/app is on a network file system (nfs4).",
                "Set monolith.cache.local.path to a local disk.");
        FailureAnalysis analysis = new CacheBackendFailureAnalyzer(
                        new MockEnvironment().withProperty("monolith.cache.local.path", "/net/app"))
                .analyze(failure);
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualTo(failure.description());
        assertThat(analysis.getAction())
                .startsWith(failure.action())
                .endsWith("The property 'monolith.cache.local.path' is '/net/app'.");
    }

    @Test
    void aDiskThatFails() {
        CacheBackendException failure = new CacheBackendException("Could not look at /var/cache: I/O error.", null);
        FailureAnalysis analysis = new CacheBackendFailureAnalyzer(new MockEnvironment()).analyze(failure);
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualTo(failure.getMessage());
        assertThat(analysis.getAction()).startsWith("Mend that, or set monolith.cache.local.path to another folder.");
    }

    @Test
    void theApplicationsOwnRedisIsToldToBeThat() {
        CacheRegistryException failure = new CacheRegistryException("Redis is away.", "Start it.", null);
        FailureAnalysis analysis = new CacheBackendFailureAnalyzer(new MockEnvironment()).analyze(failure);
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualTo("Redis is away.");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Start it.\n\nThe property 'monolith.cache.redis.host' is not set, so this is the application's"
                                + " own Redis: spring.data.redis.*.\n\nTo start without Redis, and to have health say that it is"
                                + " not there, let nothing ask for a cache directory while the application starts.");
    }

    @Test
    void aDefaultRootIsToldToBeOne() {
        FailureAnalysis analysis = new CacheBackendFailureAnalyzer(new MockEnvironment())
                .analyze(new CacheRootException("It is a file.", "Remove it."));
        assertThat(analysis).isNotNull();
        assertThat(analysis.getAction())
                .endsWith("The property 'monolith.cache.local.path' is not set, so the caches are in the user's cache"
                        + " folder.");
    }

    @Test
    void contradictorySettings(CapturedOutput output) {
        assertThatStartFails(
                "monolith.cache.local.path=" + folder,
                "monolith.cache.registry=s4",
                "monolith.cache.directories.leak-grace=5m");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("    - The property 'monolith.cache.registry' is 's4', but")
                .contains("    - The property 'monolith.cache.directories.leak-grace' is set, but")
                .contains("    - Set monolith.cache.registry to 'auto', 'file', 'redis' or 's3', or remove it.")
                .contains("    - Set monolith.cache.directories.release-leaked to true, or remove");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theFailureOfTheDocumentation(CapturedOutput output) throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/configuration.md"));
        assertThatStartFails(
                "monolith.cache.local.path=s3://bucket/caches", "monolith.cache.directories.leak-grace=5m");
        assertThat(output).contains(page.substring(page.indexOf("*****"), page.indexOf("```\n\n| what it says")));
    }

    @Test
    void aValueThatIsNoChoice(CapturedOutput output) {
        assertThatStartFails("monolith.cache.local.path=" + folder, "monolith.cache.local.orphans=delete");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: monolith.cache.local.orphans")
                .contains("KEEP")
                .contains("WIPE");
    }

    private static void assertThatStartFails(String... properties) {
        List<String> arguments = new ArrayList<>();
        Stream.of(properties).map("--"::concat).forEach(arguments::add);
        assertThatException().isThrownBy(() -> Application.main(arguments.toArray(String[]::new)));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(MonolithCacheAutoConfiguration.class)
    static class Application {

        public static void main(String[] arguments) {
            SpringApplication application = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .application();
            application.run(arguments).getBean(CacheManager.class).close();
        }
    }
}
