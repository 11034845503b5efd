// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, locations and names of files that come from an attacker. */
@Timeout(60)
class AttackingNameFaultTests {

    private static final String ID = "01k8xq7d3v9m2c4n6p8r0s1t5w";

    @TempDir(factory = QuickFolder.class)
    Path folder;

    private RootFiles files;
    private CacheManager manager;
    private CacheDirectory cache;
    private Snapshot outside;

    @BeforeEach
    void createCache() throws IOException {
        files = new RootFiles(Files.createDirectory(folder.resolve("root")));
        manager = files.manager();
        cache = manager.create();
        RootFiles.write(cache, "kept.txt", "kept");
        Path elsewhere = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(elsewhere.resolve("secret.txt"), "secret");
        Files.writeString(elsewhere.resolve("meta.json"), "{}");
        Files.createDirectories(elsewhere.resolve(ID).resolve("below"));
        outside = Snapshot.of(elsewhere);
    }

    @AfterEach
    void nothingOutsideWasTouched() throws IOException {
        manager.close();
        outside.assertUnchanged();
    }

    static List<String> ids() {
        List<String> ids = new ArrayList<>(List.of(
                "",
                " ",
                ".",
                "..",
                "/",
                "../" + ID,
                "../../../../etc/passwd",
                "caches/" + ID,
                ID + "/",
                "/" + ID,
                ID + "/..",
                ID + "\0",
                "\0" + ID.substring(1),
                ID.substring(0, 25) + "\0",
                ID + "\n",
                "\n" + ID.substring(1),
                " " + ID.substring(1),
                ID + " ",
                ID.substring(1),
                ID + "0",
                ID.toUpperCase(Locale.ROOT),
                "8" + ID.substring(1),
                "z" + ID.substring(1),
                ".." + ID.substring(2),
                ID.substring(0, 24) + "/.",
                ID.substring(0, 23) + "\\..",
                "%2e%2e%2f" + ID.substring(9),
                "x".repeat(300),
                "0".repeat(300),
                "0".repeat(1_000_000)));
        // what looks like a digit or a letter of the alphabet, and is none
        for (String alike : List.of(
                "і", "о", "а", "е", "р", "с", "х", "у", "ο", "ν", "０", "１", "ａ", "٠", "۰", "०", "𝟎", "𝐚", "ⅰ", "ß",
                "ı", "K", "ſ", "\u200b", "\u202e", "\ufeff", "\u0301", "\ud800", "\udc00", "\u0000", "\u007f",
                "\u0080")) {
            ids.add(alike + ID.substring(alike.length()));
            ids.add(ID.substring(0, 10) + alike + ID.substring(10 + alike.length()));
            ids.add(ID + alike);
        }
        for (String foreign : List.of("i", "l", "o", "u", "I", "L", "O", "U", "-", "_", "*", "?", ":", "{", "}", ",")) {
            ids.add(ID.substring(0, 12) + foreign + ID.substring(13));
        }
        return ids;
    }

    @Test
    void idIsRefusedWithAHarmlessMessage() {
        for (String text : ids()) {
            assertThat(CacheId.isValid(text)).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CacheId.of(text))
                    .satisfies(refused -> assertThat(refused.getMessage())
                            .hasSizeLessThan(200)
                            .startsWith("Not a cache id")
                            .matches("[\\x20-\\x7e…]*"));
        }
    }

    @Test
    void idsOfAnyTimeAreAccepted() {
        for (String id : List.of("0".repeat(26), "7" + "z".repeat(25), ID)) {
            assertThat(CacheId.of(id).value()).isEqualTo(id);
            assertThat(manager.find(CacheId.of(id))).isEmpty();
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.attach(CacheId.of(id)));
        }
    }

    /** Relative to the folder of caches. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "",
                "../..",
                "../caches",
                "../.monolith",
                "../.monolith/refs/" + ID,
                "../.monolith/prepared/" + ID,
                "../../monolith-cache",
                "../../../outside/" + ID,
                "../../../root/../outside/" + ID,
                ID + "/below",
                ID + "/../../../../outside/" + ID,
                "toOutside/" + ID,
                "toOutside",
                "toRoot",
            })
    void pathOutsideIsRefused(String path) throws IOException {
        Files.createSymbolicLink(files.caches().resolve("toOutside"), folder.resolve("outside"));
        Files.createSymbolicLink(files.caches().resolve("toRoot"), Path.of("/"));
        Path location = files.caches().resolve(path);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.attach(location))
                .withMessageContaining(files.caches().toString());
        assertThatIllegalArgumentException().isThrownBy(() -> manager.attach(location.toUri()));
    }

    /** A link in place of a cache is not one, whatever it leads to. */
    @Test
    void linkWithTheNameOfACacheIsNoCache() throws IOException {
        Files.createSymbolicLink(
                files.caches().resolve(ID), folder.resolve("outside").resolve(ID));
        Path toCache = files.caches().resolve(ID.replace('0', '1'));
        Files.createSymbolicLink(toCache, files.cache(cache.id()));
        for (Path link : List.of(files.caches().resolve(ID), toCache)) {
            CacheId id = CacheId.of(link.getFileName().toString());
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.attach(link));
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.lock(id));
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.evict(id));
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.evictForcibly(id));
            assertThat(manager.find(id)).isEmpty();
        }
        assertThat(manager.list()).hasSize(1);
        manager.sweep();
        assertThat(cache.exists("kept.txt")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../caches/", "./", ".//./", "../../monolith-cache/./caches/"})
    void pathThatMeansTheCacheIsAccepted(String prefix) {
        Path path = Path.of(files.caches() + "/" + prefix + cache.id());
        try (CacheDirectory same = manager.attach(path)) {
            assertThat(same.id()).isEqualTo(cache.id());
        }
        try (CacheDirectory same = manager.attach(URI.create("file://" + files.caches() + "/" + prefix + cache.id()))) {
            assertThat(same.id()).isEqualTo(cache.id());
        }
    }

    @Test
    void locationsAttack() {
        String caches = files.caches().toString();
        for (String location : List.of(
                "file://host" + caches + "/" + cache.id(),
                "file:" + cache.id(),
                "file:" + caches.substring(1) + "/" + cache.id(),
                "file://" + caches + "/" + cache.id() + "?a=b",
                "file://" + caches + "/" + cache.id() + "#a",
                "file://" + caches + "/" + cache.id() + "%00",
                "file://" + caches + "/" + cache.id() + "%2f..",
                "file://" + caches + "/%2e%2e/%2e%2e/%2e%2e/outside/" + ID,
                "file:///",
                "file://" + caches + "/",
                "file://" + caches + "/" + ID + "0",
                "s3://bucket/caches/" + cache.id(),
                "http://localhost" + caches + "/" + cache.id(),
                "jar:file://" + caches + "/" + cache.id() + "!/",
                "jrt:/java.base/" + cache.id(),
                "monolith:" + cache.id(),
                cache.id().value(),
                caches + "/" + cache.id(),
                "//host" + caches + "/" + cache.id(),
                "")) {
            assertThatIllegalArgumentException().as(location).isThrownBy(() -> manager.attach(URI.create(location)));
        }
    }

    @Test
    void nameOfAFileIsRefused() throws IOException {
        Path directory = files.cache(cache.id());
        Files.createDirectory(directory.resolve("sub"));
        Files.createSymbolicLink(directory.resolve("toOutside"), folder.resolve("outside"));
        Files.createSymbolicLink(directory.resolve("sub/toOutside"), Path.of("../../../../../outside"));
        Files.createSymbolicLink(directory.resolve("toSecret"), folder.resolve("outside/secret.txt"));
        Files.createSymbolicLink(directory.resolve("toParent"), Path.of(".."));
        Files.createSymbolicLink(directory.resolve("toSelf"), Path.of("toSelf"));
        Files.createSymbolicLink(directory.resolve("toNothing"), folder.resolve("outside/new.txt"));
        for (String name : List.of(
                "",
                "/",
                "//",
                ".",
                "..",
                "../x",
                "a/../b",
                "a/./b",
                "a//b",
                "a/",
                "/etc/passwd",
                "a\0b",
                "\0",
                "meta.json",
                "META.JSON",
                "Meta.Json",
                "meta.json/x",
                "META.json/x/y",
                "../../.monolith/format",
                "toOutside/secret.txt",
                "toSecret",
                "sub/up/../../x",
                "toParent/x",
                "toSelf/x",
                "toNothing",
                "toNothing/x",
                "sub/toOutside/secret.txt")) {
            assertRefused(name, () -> cache.resource(name));
            assertRefused(name, () -> cache.exists(name));
            assertRefused(name, () -> cache.delete(name));
            assertRefused(name, () -> cache.download(name));
            assertRefused(name, () -> cache.upload(folder.resolve("outside/secret.txt"), name));
        }
        assertThat(cache.resources()).containsExactly("kept.txt");
    }

    private static void assertRefused(String name, ThrowingCallable operation) {
        assertThat(catchThrowable(operation))
                .as(name)
                .isInstanceOfAny(IllegalArgumentException.class, CacheException.class);
    }

    /** The name was harmless when the resource was made. */
    @Test
    void linkThatIsPlantedLaterIsNotFollowed() throws IOException {
        var resource = cache.resource("sub/secret.txt");
        Files.createSymbolicLink(files.cache(cache.id()).resolve("sub"), folder.resolve("outside"));
        assertThat(catchThrowable(() -> resource.getInputStream().close())).isNotNull();
        assertThat(catchThrowable(() -> resource.readableChannel().close())).isNotNull();
        assertThat(catchThrowable(resource::getContentAsByteArray)).isNotNull();
        assertThat(catchThrowable(() -> {
                    try (var out = resource.getOutputStream()) {
                        out.write(1);
                    }
                }))
                .isNotNull();
    }

    /** Whoever replaces the directory itself by a link finds that nothing is written or deleted through it. */
    @Test
    void cacheThatIsReplacedByALinkIsNotFollowed() throws IOException {
        Path source = files.base().resolve("CACHEDIR.TAG");
        for (ThrowingConsumer<CacheDirectory> operation : List.<ThrowingConsumer<CacheDirectory>>of(
                replaced -> replaced.putMetadata("a", 1),
                replaced -> replaced.removeMetadata("a"),
                replaced -> RootFiles.write(replaced, "new.txt", "text"),
                replaced -> RootFiles.read(replaced, "secret.txt"),
                replaced -> replaced.upload(source, "new.txt"),
                replaced -> replaced.download("secret.txt"),
                replaced -> replaced.delete("secret.txt"),
                replaced -> replaced.resources().close(),
                replaced -> manager.usage(replaced.id()))) {
            CacheDirectory replaced = manager.create();
            Path directory = files.cache(replaced.id());
            Files.move(directory, folder.resolve("moved-" + replaced.id()));
            Files.createSymbolicLink(directory, folder.resolve("outside"));
            assertThat(catchThrowable(() -> operation.accept(replaced))).isNotNull();
            replaced.close();
            assertThat(Files.exists(directory, LinkOption.NOFOLLOW_LINKS)).isFalse();
        }
        assertThat(RootFiles.names(files.trash())).isEmpty();
    }

    @Test
    void namesAtTheLimitsOfTheDiskWorkOrFailClearly() throws IOException {
        String longest = "ä".repeat(127) + "x";
        RootFiles.write(cache, longest, "long");
        assertThat(RootFiles.read(cache, longest)).isEqualTo("long");
        RootFiles.write(cache, "a\\b:*?\"<>|\n\t\u202e .txt", "odd");
        assertThat(cache.resources()).contains(longest, "a\\b:*?\"<>|\n\t\u202e .txt");
        assertThat(catchThrowable(() -> RootFiles.write(cache, "y".repeat(300), "too long")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertThatIllegalArgumentException().isThrownBy(() -> cache.resource("z".repeat(2_000)));
        assertThat(cache.exists("y".repeat(300))).isFalse();
    }
}
