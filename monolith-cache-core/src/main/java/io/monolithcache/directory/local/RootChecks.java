// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheRootException;
import io.monolithcache.owner.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a root may be used, seen without writing. The configured root itself may be a link or a mounted volume of
 * another user; the folder that is created in it must be a directory of ours.
 *
 * @param root the configured root
 * @param base the folder in it
 */
record RootChecks(Path root, Path base, boolean allowNetworkFileSystem, FileSystems fileSystems) {

    private static final Logger log = LoggerFactory.getLogger(RootChecks.class);

    void checkPlace() throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new CacheRootException(
                    "The cache root " + root + " is a file, not a folder.",
                    "Set monolith.cache.local.path to a folder, or remove that file.");
        }
        Path existing = nearestExisting(root);
        if (!Files.isDirectory(existing)) {
            throw new CacheRootException(
                    "The cache root " + root + " cannot be made: " + existing
                            + (Files.exists(existing) ? " is a file." : " is a link to nothing."),
                    "Remove what is in the way, or set monolith.cache.local.path to another folder.");
        }
        if (!Files.isWritable(existing) && !Files.isDirectory(base)) {
            throw new CacheRootException(
                    "The cache root " + root + " cannot be written: " + existing + " is read-only for this process.",
                    "Give this user the right to write there, or set monolith.cache.local.path to another folder.");
        }
        String type = fileSystems.typeOf(existing);
        if (FileSystems.isNetwork(type) && !allowNetworkFileSystem) {
            throw new CacheRootException(
                    "The cache root " + root + " is on a network file system (" + type
                            + "), where file locks may fail silently and caches be wiped while in use.",
                    "Set monolith.cache.local.path to a local disk, or, if the locks of this one are known to work"
                            + " between machines, monolith.cache.local.allow-network-file-system=true.");
        }
    }

    /** Says in the log that file locks of a network are trusted, because somebody asked for it. */
    void warnOfNetwork() throws IOException {
        String type = fileSystems.typeOf(nearestExisting(root));
        if (FileSystems.isNetwork(type)) {
            log.warn("The cache root {} is on a network file system ({}); its file locks are trusted", root, type);
        }
    }

    /** The path, or what is nearest above it: a folder, or something that is in the way. */
    static Path nearestExisting(Path path) {
        Path existing = path;
        Path parent = path.getParent();
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && parent != null) {
            existing = parent;
            parent = existing.getParent();
        }
        return existing;
    }

    void checkFolder() throws IOException {
        checkOwner(base);
        if (Files.exists(base) && !Files.isWritable(base)) {
            throw new CacheRootException(
                    "The cache root " + base + " is read-only for this process.",
                    "Make it writable, or set monolith.cache.local.path to another folder.");
        }
    }

    /** A folder that lies where everybody may make one: whoever may write in it could put another root in our place. */
    void checkOwnFolder(Path folder) throws IOException {
        checkOwner(folder);
        if (Ownership.othersMayWrite(folder)) {
            throw new CacheRootException(
                    folder + " may be changed by other users.",
                    "Remove it if nobody needs it, or set monolith.cache.local.path to a folder of this user.");
        }
    }

    private static void checkOwner(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new CacheRootException(
                    folder + " is a link or a file, not a folder of its own.",
                    "Remove it if nobody needs it, or set monolith.cache.local.path to another folder.");
        }
        if (!Ownership.isOurs(folder)) {
            throw new CacheRootException(
                    folder + " belongs to another user (" + Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS) + ").",
                    "Set monolith.cache.local.path to a folder of this user, or let that user give it away.");
        }
    }

    /** Those that are there must take what this process writes. */
    void checkWritable(List<Path> folders) {
        for (Path folder : folders) {
            if (Files.exists(folder) && !Files.isWritable(folder)) {
                throw new CacheRootException(
                        folder + " is read-only for this process.",
                        "Make it writable, or set monolith.cache.local.path to another folder.");
            }
        }
    }

    /** A link in place of one of our folders would have us delete what it leads to. */
    void checkOwnFolders(List<Path> folders) {
        for (Path folder : folders) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new CacheRootException(
                        folder + " is a link or a file, not a folder of its own.",
                        "Put the folder back, or set monolith.cache.local.path to another folder.");
            }
        }
    }
}
