// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTests {

    private static final String NOBODY = "65534";
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    Path folder;

    @Test
    void whatWeCreateIsOurs() throws IOException {
        assertThat(Ownership.isOurs(Files.createDirectory(folder.resolve("new"))))
                .isTrue();
    }

    /** A zip file stands for the systems that number no users. */
    @Test
    void whereUsersHaveNoNumbersEverythingIsOurs() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("file.zip"), Map.of("create", "true"))) {
            assertThat(Ownership.isOurs(zip.getPath("/"))).isTrue();
        }
    }

    @Test
    void theProcessAndAFileOfItsHaveOneOwner() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self")), "this system shows no processes as files");

        assertThat(Ownership.uidOfNewFile())
                .isEqualTo(Files.getAttribute(Path.of("/proc/self").toRealPath(), "unix:uid"));
    }

    @Test
    void whatAnotherUserHasIsNotOurs() throws IOException {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        assumeTrue(isRoot(), "only root can give a folder to another user");
        Files.setAttribute(theirs, "unix:uid", Integer.parseInt(NOBODY));

        assertThat(Ownership.isOurs(theirs)).isFalse();
    }

    private boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
    }

    /** As root everything that the system itself owns looks like ours, so another user has to look. */
    @Test
    void anOrdinaryUserKnowsWhatIsHis() throws Exception {
        assumeTrue(isRoot() && Files.isExecutable(SETPRIV), "only root can become another user");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path classes = readableByAll(List.of(Ownership.class, Look.class));
        Path his = Files.createDirectory(folder.resolve("his"));
        Files.setAttribute(his, "unix:uid", Integer.parseInt(NOBODY));
        Path ours = Files.createDirectory(folder.resolve("ours"));

        assertThat(lookAs(classes, his)).isEqualTo("true");
        assertThat(lookAs(classes, ours)).isEqualTo("false");
    }

    private Path readableByAll(List<Class<?>> types) throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        for (Class<?> type : types) {
            String name = type.getName().replace('.', '/') + ".class";
            Path file = classes.resolve(name);
            Files.createDirectories(file.getParent());
            try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                Files.copy(in, file);
            }
        }
        return classes;
    }

    private static String lookAs(Path classes, Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        SETPRIV.toString(),
                        "--reuid=" + NOBODY,
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes.toString(),
                        Look.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Runs as another user. */
    static final class Look {

        private Look() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println(Ownership.isOurs(Path.of(arguments[0])));
        }
    }
}
