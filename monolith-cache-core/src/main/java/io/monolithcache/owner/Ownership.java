// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a directory belongs to the user that this process runs as. Compared by number where there are numbers:
 * in a container the user may have no name. Internal.
 */
public final class Ownership {

    private static final Path OWN_PROCESS = Path.of("/proc/self");
    private static final String NUMBER = "unix:uid";

    private Ownership() {}

    /** A name of this user that is safe in a file name: the number where the system shows it. */
    public static String user() {
        try {
            if (Files.exists(OWN_PROCESS)) {
                return String.valueOf(uid(OWN_PROCESS.toRealPath()));
            }
        } catch (IOException hidden) {
            // then by name
        }
        return System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** Whether a directory is this user's. @throws IOException if the directory cannot be looked at */
    public static boolean isOurs(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return true;
        }
        // the link itself belongs to root, whoever looks at it
        Object own = Files.exists(OWN_PROCESS) ? uid(OWN_PROCESS.toRealPath()) : uidOfNewFile();
        return own == null || own.equals(uid(directory));
    }

    /** Whether others than its owner may change what is in a directory; not if there is none. */
    public static boolean othersMayWrite(Path directory) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null || !Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static @Nullable Object uid(Path path) throws IOException {
        return Files.getAttribute(path, NUMBER, LinkOption.NOFOLLOW_LINKS);
    }

    /** Where the system shows no processes as files, a file that we just created tells who we are. */
    static @Nullable Object uidOfNewFile() throws IOException {
        Path file = Files.createTempFile("monolith-cache", null);
        try {
            return uid(file);
        } finally {
            Files.delete(file);
        }
    }
}
