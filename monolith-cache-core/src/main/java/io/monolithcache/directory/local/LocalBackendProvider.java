// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.DirectoryBackend;
import java.nio.file.Path;

/** Internal: opens local directories whose references the file system counts. */
public final class LocalBackendProvider implements DirectoryBackend.Provider {

    @Override
    public DirectoryBackend open(DirectoryBackend.Settings settings) {
        Path configured = settings.root();
        RootLocator.Place place = configured == null
                ? RootLocator.ofThisProcess().locate(settings.applicationName())
                : RootLocator.Place.of(configured);
        LocalRoot root = new LocalRoot(
                place,
                FileReferenceRegistry.NAME,
                settings.orphans(),
                settings.allowNetworkFileSystem(),
                FileSystems::ofTheSystem);
        LocalDirectoryStorage storage = new LocalDirectoryStorage(root);
        return new DirectoryBackend(storage, new FileReferenceRegistry(root, storage, settings.clock()));
    }
}
