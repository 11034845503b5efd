// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Rights on directories, where the file system has such. */
final class Permissions {

    static final Set<PosixFilePermission> OWNER_ALL =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private static final FileAttribute<?>[] NONE = {};

    private Permissions() {}

    /** Creates one directory that only its owner may enter. */
    static void createPrivateDirectory(Path directory) throws IOException {
        boolean posix = Files.getFileStore(directory.getParent()).supportsFileAttributeView("posix");
        Files.createDirectory(
                directory, posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ALL)} : NONE);
    }

    /** Takes the rights of everybody but the owner away, if there are any. */
    static void makePrivate(Path directory) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null && !view.readAttributes().permissions().equals(OWNER_ALL)) {
            view.setPermissions(OWNER_ALL);
        }
    }

    /**
     * Gives the owner every right on a directory, refusing a link. A directory that its owner cannot read cannot be
     * opened, so it is changed by its name; the look before that refuses a link.
     */
    static void makeWritable(Path directory) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null && view.readAttributes().isDirectory()) {
            PosixFileAttributes before = view.readAttributes();
            try {
                view.setPermissions(writable(before));
            } catch (FileSystemException unreadable) {
                // JDK 17 says that access is denied, JDK 25 that it is a directory; a swapped-in link is something else
                if (before.permissions().contains(PosixFilePermission.OWNER_READ)
                        || !view.readAttributes().isDirectory()) {
                    throw unreadable;
                }
                Files.setPosixFilePermissions(directory, writable(before));
            }
        }
    }

    /** Gives the owner every right on a directory, and on a file in it that of reading; refuses links. */
    static void makeReadable(Path directory, String file) throws IOException {
        makeWritable(directory);
        Path path = directory.resolve(file);
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null && view.readAttributes().isRegularFile()) {
            Set<PosixFilePermission> permissions =
                    EnumSet.copyOf(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            permissions.addAll(view.readAttributes().permissions());
            // by its name, since who may not read it cannot open it; what it is was looked at just now
            Files.setPosixFilePermissions(path, permissions);
        }
    }

    /** What a directory shows, and every right of its owner. */
    static Set<PosixFilePermission> writable(PosixFileAttributes attributes) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(OWNER_ALL);
        permissions.addAll(attributes.permissions());
        return permissions;
    }
}
