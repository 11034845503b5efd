// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import io.monolithcache.directory.CacheId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Puts on the disk, and into the model, what a process leaves that is killed in the middle of a step. */
final class Leftovers {

    private final Path base;
    private final Expected expected;
    private int dead;

    Leftovers(Path base, Expected expected) {
        this.base = base;
        this.expected = expected;
    }

    private Path internal(String folder) {
        return base.resolve(".monolith").resolve(folder);
    }

    /** A process that does not run, with a number that none has; its owner file may be there or gone already. */
    private String deadOwner(boolean withFile) throws IOException {
        String owner = String.format(Locale.ROOT, "99999999-1-%016x", ++dead);
        if (withFile) {
            Files.createFile(internal("owners").resolve(owner));
            Path prepared = Files.createDirectory(internal("prepared").resolve(owner));
            Files.createFile(prepared.resolve("draft"));
            expected.deadOwners.add(owner);
        }
        return owner;
    }

    void reference(CacheId id, boolean withFile) throws IOException {
        ExpectedCache cache = expected.caches.get(id);
        if (cache != null && cache.exists) {
            String owner = deadOwner(withFile);
            Files.createFile(internal("refs").resolve(id.value()).resolve(owner));
            cache.deadReferences.add(owner);
        }
    }

    void halfCreated(CacheId id, boolean withFile) throws IOException {
        String owner = deadOwner(withFile);
        Path folder = Files.createDirectory(internal("refs").resolve(id.value()));
        Files.createFile(folder.resolve(owner));
        expected.halfCreated.put(id, owner);
    }

    void halfWiped(CacheId id) throws IOException {
        Path cache = Files.createDirectory(base.resolve("caches").resolve(id.value()));
        Files.createFile(cache.resolve("file"));
        expected.halfWiped.add(id);
    }
}
