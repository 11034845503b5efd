// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.MutableClock;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.ReferenceRegistryContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners of this process, which the protocol takes for alive as long as it runs, and others that can be killed. */
@Timeout(60)
class FileReferenceRegistryTests extends ReferenceRegistryContract {

    @TempDir
    Path place;

    private final MutableClock clock = new MutableClock(Instant.now());

    @Override
    protected DirectoryBackend open() {
        LocalRoot root =
                new LocalRoot(place, FileReferenceRegistry.NAME, OrphanPolicy.KEEP, false, FileSystems::ofTheSystem);
        LocalDirectoryStorage storage = new LocalDirectoryStorage(root);
        return new DirectoryBackend(storage, new FileReferenceRegistry(root, storage, clock));
    }

    @Override
    protected ReferenceRegistry openMortal() {
        return new RemoteRegistry(place);
    }

    @Override
    protected void kill(ReferenceRegistry mortal) {
        ((RemoteRegistry) mortal).kill();
    }

    @Override
    protected void beginWipe(CacheId id) {
        Path refs = layout().refs(id);
        try (Stream<Path> names = Files.list(refs)) {
            for (Path name : names.toList()) {
                Files.delete(name);
            }
            Files.delete(refs);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Layout layout() {
        return new Layout(place.resolve(Layout.FOLDER));
    }

    @Override
    protected void disconnect() {
        UnreachableReferences.disconnect(layout());
    }

    @Override
    protected void reconnect() {
        UnreachableReferences.reconnect(layout());
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }
}
