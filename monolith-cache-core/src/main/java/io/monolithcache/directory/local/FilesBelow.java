// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The regular files of a cache directory, read as they are asked for, following no links. Not {@link Files#walk}, which
 * fails when a file vanishes meanwhile, and holds a folder open for each level: this one passes over what is gone, and
 * holds one.
 */
final class FilesBelow extends Spliterators.AbstractSpliterator<FilesBelow.Found> implements AutoCloseable {

    /** A file and what was seen of it. */
    record Found(Path path, long size) {}

    private final Path top;
    private final boolean onlyReadable;
    private final Deque<Path> folders = new ArrayDeque<>();
    private DirectoryStream<Path> stream;
    private Iterator<Path> entries;

    private FilesBelow(Path top, boolean onlyReadable) throws IOException {
        super(Long.MAX_VALUE, Spliterator.DISTINCT | Spliterator.NONNULL);
        this.top = top;
        this.onlyReadable = onlyReadable;
        if (Files.isSymbolicLink(top)) {
            throw new NoSuchFileException(top.toString(), null, "somebody put a link in its place");
        }
        this.stream = Files.newDirectoryStream(top);
        this.entries = stream.iterator();
    }

    /** All of them, or a failure; to be closed. @throws IOException if the top cannot be read */
    static Stream<Found> stream(Path top) throws IOException {
        return new FilesBelow(top, false).stream();
    }

    /** Without what this user may not see; to be closed. @throws IOException if the top cannot be read */
    static Stream<Found> readable(Path top) throws IOException {
        return new FilesBelow(top, true).stream();
    }

    private Stream<Found> stream() {
        return StreamSupport.stream(this, false).onClose(() -> Disk.run("close " + top, this::close));
    }

    @Override
    public boolean tryAdvance(Consumer<? super Found> action) {
        Found found = Disk.call("list " + top, this::next);
        if (found == null) {
            return false;
        }
        action.accept(found);
        return true;
    }

    private @Nullable Found next() throws IOException {
        try {
            while (entries.hasNext() || openNext()) {
                if (entries.hasNext()) {
                    Found found = look(entries.next());
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        } catch (DirectoryIteratorException failure) {
            throw Objects.requireNonNull(failure.getCause());
        }
    }

    private @Nullable Found look(Path entry) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException vanished) {
            return null;
        } catch (AccessDeniedException unreadable) {
            passOver(unreadable);
            return null;
        }
        if (attributes.isDirectory() && !attributes.isOther() && !isOurs(entry)) {
            folders.add(entry);
        }
        return attributes.isRegularFile() ? new Found(entry, attributes.size()) : null;
    }

    /** Marks of wipes come and go, and who made them may have kept others from reading them. */
    private boolean isOurs(Path folder) {
        return RelativeName.isReserved(top.relativize(folder).toString());
    }

    private boolean openNext() throws IOException {
        for (Path folder = folders.poll(); folder != null; folder = folders.poll()) {
            stream.close();
            try {
                stream = Files.newDirectoryStream(folder);
                entries = stream.iterator();
                return true;
            } catch (NoSuchFileException | NotDirectoryException vanished) {
                // then there is nothing in it
            } catch (AccessDeniedException unreadable) {
                passOver(unreadable);
            }
        }
        return false;
    }

    private void passOver(AccessDeniedException unreadable) throws AccessDeniedException {
        if (!onlyReadable) {
            throw unreadable;
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
