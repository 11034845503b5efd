// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheOwner;
import io.monolithcache.owner.OwnerName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was read in {@code refs/<id>}: the names of its references and its locks.
 *
 * @param owners names of owners, dead or alive
 */
record References(List<String> owners, List<LockFile> locks) {

    /** Empty if there is no such folder: then the cache is gone, finally and for everybody. */
    static Optional<References> read(Path folder) throws IOException {
        List<String> owners = new ArrayList<>();
        List<LockFile> locks = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                LockFile.parse(name).ifPresentOrElse(locks::add, () -> owners.add(name));
            }
            return Optional.of(new References(owners, locks));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    List<CacheOwner> describeOwners() {
        return owners.stream().flatMap(name -> describe(name).stream()).toList();
    }

    static Optional<CacheOwner> describe(String owner) {
        return OwnerName.parse(owner)
                .map(name -> new CacheOwner(owner, null, name.pid(), Instant.ofEpochMilli(name.startedAt())));
    }
}
