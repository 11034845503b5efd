// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounts that only one process and its children see, which needs root, or user namespaces that the system allows. */
public final class MountNamespace {

    private MountNamespace() {}

    /**
     * A JVM in a mount namespace of its own, after a shell ran the script. Where that cannot be had, the test is
     * skipped.
     *
     * @param folder $1 of the script
     */
    public static ChildJvm after(String script, Path folder) throws IOException, InterruptedException {
        List<String> unshare = isRoot() ? List.of("unshare", "-m") : List.of("unshare", "-r", "-m");
        assumeOrPrint(
                succeeds(below(unshare, "mount -t tmpfs tmpfs \"$1\"", folder, "true")),
                "a mount namespace needs unshare (util-linux), and root or user namespaces");
        assumeOrPrint(succeeds(below(unshare, script, folder, "true")), "cannot be mounted here: " + script);
        return ChildJvm.below(below(unshare, script, folder));
    }

    private static List<String> below(List<String> unshare, String script, Path folder, String... command) {
        List<String> all = new ArrayList<>(unshare);
        all.addAll(List.of("sh", "-ec", script + "\nshift\nexec \"$@\"", "sh", folder.toString()));
        all.addAll(List.of(command));
        return all;
    }

    static boolean isRoot() throws IOException {
        return Files.exists(Path.of("/proc/self"))
                && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    static void assumeOrPrint(boolean condition, String reason) {
        if (!condition) {
            System.out.println("Skipped: " + reason);
        }
        assumeTrue(condition, reason);
    }

    static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    /** Makes a mount read-only. It must not hold files that are open for writing for long. */
    static void seal(Path mount) {
        await().until(() -> succeeds(List.of("mount", "-o", "remount,ro,bind", mount.toString())));
    }

    /** Makes it writable again. */
    static void unseal(Path mount) throws InterruptedException {
        assertThat(succeeds(List.of("mount", "-o", "remount,rw,bind", mount.toString())))
                .isTrue();
    }
}
