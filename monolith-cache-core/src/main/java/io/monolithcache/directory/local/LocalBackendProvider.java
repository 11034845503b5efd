// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryProvider;
import io.monolithcache.owner.RootLocator;
import java.nio.file.Path;

/** Internal: opens local directories; the file system counts their references, unless another registry is asked for. */
public final class LocalBackendProvider implements DirectoryBackend.Provider {

    @Override
    public String name() {
        return LocalDirectoryStorage.NAME;
    }

    @Override
    public DirectoryBackend open(DirectoryBackend.Settings settings) {
        Path configured = settings.root();
        RootLocator.Place place = configured == null
                ? RootLocator.ofThisProcess().locate(settings.applicationName())
                : RootLocator.Place.of(configured);
        RegistryProvider other = settings.registry();
        LocalRoot root = new LocalRoot(
                place,
                other == null ? FileReferenceRegistry.NAME : other.name(),
                other == null ? null : other.namespace(),
                settings.orphans(),
                // what fails there without a word is the locks of the registry of files
                settings.allowNetworkFileSystem() || other != null,
                FileSystems::ofTheSystem);
        LocalDirectoryStorage storage = new LocalDirectoryStorage(root);
        ReferenceRegistry registry = other == null
                ? new FileReferenceRegistry(root, storage, settings.clock())
                : other.open(storage, settings.clock());
        return new DirectoryBackend(storage, registry);
    }
}
