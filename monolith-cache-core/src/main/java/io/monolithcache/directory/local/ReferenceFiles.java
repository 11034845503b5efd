// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheId;
import io.monolithcache.owner.Uninterruptibly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** The single steps of the protocol on {@code refs/<id>}; each is one system call that either happens or does not. */
final class ReferenceFiles implements AutoCloseable {

    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

    private final Layout layout;
    private volatile Folder refs;

    ReferenceFiles(Layout layout) {
        this.layout = layout;
        this.refs = new NamedFolder(layout.refs());
    }

    /** Works on the open folder from now on. */
    void open() throws IOException {
        refs = Folder.open(layout.refs());
    }

    @Override
    public void close() throws IOException {
        Folder open = refs;
        refs = new NamedFolder(layout.refs());
        open.close();
    }

    /** Makes a prepared directory, which holds its first reference, the folder of an id; false if that is taken. */
    boolean take(Folder workspace, String prepared, CacheId id) throws IOException {
        try {
            workspace.move(prepared, refs, id.value());
            return true;
        } catch (FileSystemException refused) {
            if (Files.exists(layout.refs(id))) {
                return false;
            }
            throw refused;
        }
    }

    /** Adds a name; false if {@code refs/<id>} is not there, which is final. */
    boolean create(CacheId id, String name) throws IOException {
        try {
            Files.createFile(layout.refs(id).resolve(name));
            return true;
        } catch (FileAlreadyExistsException there) {
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** Removes a name; false if it was not there. */
    boolean remove(CacheId id, String name) throws IOException {
        try {
            refs.deleteFile(id.value() + "/" + name);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    boolean exists(CacheId id, String name) {
        return !Disk.isAbsent(layout.refs(id).resolve(name));
    }

    /** What {@code rmdir refs/<id>} says. */
    enum Removal {
        /** No name was left, and this party removed it: exactly one does. */
        DONE,
        /** A reference or a lock stands. */
        NOT_EMPTY,
        /** Another party was faster. */
        GONE
    }

    Removal removeFolder(CacheId id) throws IOException {
        try {
            refs.deleteDirectory(id.value());
            return Removal.DONE;
        } catch (DirectoryNotEmptyException named) {
            return Removal.NOT_EMPTY;
        } catch (NoSuchFileException gone) {
            return Removal.GONE;
        }
    }

    /** Makes the names in {@code refs/<id>} survive a loss of power. */
    void sync(CacheId id) throws IOException {
        if (WINDOWS) {
            // a directory cannot be opened there; NTFS journals its names
            return;
        }
        Uninterruptibly.run(() -> {
            try (FileChannel folder = FileChannel.open(layout.refs(id), StandardOpenOption.READ)) {
                folder.force(true);
            } catch (NoSuchFileException wipedMeanwhile) {
                // then there is nothing to keep
            }
            return id;
        });
    }
}
