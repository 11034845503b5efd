// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.LogWatch;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootLocatorTests {

    private static final Path TEMPORARY = Path.of("/temporary");

    @TempDir
    Path home;

    private LogWatch log;

    @BeforeEach
    void watch() {
        log = new LogWatch();
    }

    @AfterEach
    void unwatch() {
        log.close();
    }

    private Path locate(Map<String, String> environment, String os, String userHome, @Nullable String name) {
        return new RootLocator(environment, os, userHome, TEMPORARY.toString(), "1000")
                .locate(name)
                .root();
    }

    @Test
    void linuxHasACacheFolderInTheHome() {
        assertThat(locate(Map.of(), "Linux", home.toString(), "app")).isEqualTo(home.resolve(".cache/app"));
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void xdgNamesAnother() {
        assertThat(locate(Map.of("XDG_CACHE_HOME", "/var/cache/me"), "Linux", home.toString(), "app"))
                .isEqualTo(Path.of("/var/cache/me/app"));
        assertThat(locate(Map.of("XDG_CACHE_HOME", "/var/cache/me"), "Linux", "?", "app"))
                .isEqualTo(Path.of("/var/cache/me/app"));
        assertThat(log.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative/folder"})
    void anXdgFolderThatIsNotAbsoluteIsIgnored(String folder) {
        assertThat(locate(Map.of("XDG_CACHE_HOME", folder), "Linux", home.toString(), "app"))
                .isEqualTo(home.resolve(".cache/app"));
    }

    @Test
    void macOsHasCachesInTheLibrary() {
        assertThat(locate(Map.of(), "Mac OS X", home.toString(), "app")).isEqualTo(home.resolve("Library/Caches/app"));
    }

    @Test
    void windowsNamesItsFolder() {
        assertThat(locate(Map.of("LOCALAPPDATA", "/local/data"), "Windows 11", home.toString(), "app"))
                .isEqualTo(Path.of("/local/data/app"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "relative", "/no/such/home"})
    void withoutAHomeTheTemporaryFolderServesWithAWarning(String noHome) {
        assertThat(locate(Map.of(), "Linux", noHome, "app")).isEqualTo(TEMPORARY.resolve("monolith-cache-1000/app"));
        assertThat(log.warnings())
                .singleElement()
                .asString()
                .contains("'" + noHome + "'", TEMPORARY.toString(), "monolith.cache.local.path");
    }

    @Test
    void inTheTemporaryFolderEachUserHasAFolderOfItsOwn() {
        RootLocator.Place place =
                new RootLocator(Map.of(), "Linux", "?", TEMPORARY.toString(), Ownership.user()).locate("app");

        assertThat(place.ownFolder()).isEqualTo(TEMPORARY.resolve("monolith-cache-" + Ownership.user()));
        assertThat(place.root()).hasParentRaw(place.ownFolder());
    }

    @Test
    void withoutAFolderOfItsOwnWindowsUsesTheTemporaryOne() {
        assertThat(locate(Map.of(), "Windows 11", home.toString(), "app"))
                .isEqualTo(TEMPORARY.resolve("monolith-cache-1000/app"));
        assertThat(log.warnings()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "Orders-2.0_x", "x"})
    void aNameThatIsSafeIsTheFoldersName(String name) {
        assertThat(locate(Map.of(), "Linux", home.toString(), name))
                .isEqualTo(home.resolve(".cache").resolve(name));
    }

    @ParameterizedTest
    @CsvSource({
        "größe, gr__e",
        "my orders, my_orders",
        "a/b, a_b",
        "a\\b, a_b",
        "../../etc, __.._etc",
        "., _",
        ".., _",
        "...x, _x",
        ".hidden, _hidden",
        "a:b*c?, a_b_c_"
    })
    void anyOtherNameIsMadeSafeAndStaysDifferent(String name, String safe) {
        Path root = locate(Map.of(), "Linux", home.toString(), name);

        assertThat(root).hasParentRaw(home.resolve(".cache"));
        assertThat(root.getFileName().toString()).matches(Pattern.quote(safe) + "-[0-9a-f]{1,8}");
    }

    @Test
    void namesThatReadTheSameWhenTheyAreSafeShareNothing() {
        assertThat(Stream.of("my orders", "my/orders", "my_orders", "my:orders")
                        .map(name -> locate(Map.of(), "Linux", home.toString(), name)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aLongNameIsCutAndStaysDifferent() {
        Path one = locate(Map.of(), "Linux", home.toString(), "x".repeat(500));
        Path other = locate(Map.of(), "Linux", home.toString(), "x".repeat(501));

        assertThat(one.getFileName().toString())
                .startsWith("x".repeat(100) + "-")
                .hasSizeLessThan(120);
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void withoutANameAllApplicationsShareOneFolderWithAWarning() {
        for (String name : new String[] {null, "", "  "}) {
            assertThat(locate(Map.of(), "Linux", home.toString(), name)).isEqualTo(home.resolve(".cache/application"));
        }
        assertThat(log.warnings()).hasSize(3).allMatch(warning -> warning.contains("spring.application.name"));
    }

    @Test
    void thisProcessHasSomePlace() {
        assertThat(RootLocator.ofThisProcess().locate("app").root())
                .isAbsolute()
                .endsWithRaw(Path.of("app"));
    }
}
