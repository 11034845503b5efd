// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the managers told their listeners. */
final class Heard {

    final List<CacheId> created = new CopyOnWriteArrayList<>();
    final List<CacheId> wiped = new CopyOnWriteArrayList<>();
    final List<String> lost = new CopyOnWriteArrayList<>();

    CacheListener from(int manager) {
        return new CacheListener() {
            @Override
            public void created(CacheId id, URI location) {
                created.add(id);
            }

            @Override
            public void wiped(CacheId id, URI location) {
                wiped.add(id);
            }

            @Override
            public void lost(CacheId id, URI location) {
                lost.add(manager + " " + id);
            }
        };
    }
}
