// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import io.monolithcache.directory.local.RemoteRegistry;
import io.monolithcache.directory.local.UnreachableReferences;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Managers that share the root of a test. They sweep when the test says so, and go by its clock. */
abstract class ManagersOnOneRoot {

    @TempDir
    Path root;

    final MutableClock clock = new MutableClock(Instant.parse("2026-11-20T12:00:00Z"));

    private final List<CacheManager> managers = new ArrayList<>();
    private final List<RemoteRegistry> processes = new ArrayList<>();

    final CacheManager manager() {
        return manager(settings -> {});
    }

    final CacheManager manager(Consumer<CacheManagerBuilder> settings) {
        CacheManagerBuilder builder =
                CacheManager.builder().root(root).clock(clock).sweepInterval(Duration.ZERO);
        settings.accept(builder);
        CacheManager manager = builder.build();
        managers.add(manager);
        return manager;
    }

    /** An owner on the same root in another process, which can be killed. */
    final RemoteRegistry otherProcess() {
        RemoteRegistry process = new RemoteRegistry(root);
        processes.add(process);
        return process;
    }

    /** A cache that only an owner references whose process is dead by now. */
    final CacheId createByTheDead() {
        RemoteRegistry dying = otherProcess();
        CacheId id = CacheId.random(clock.instant());
        dying.create(id, Map.of());
        dying.kill();
        return id;
    }

    final Path base() {
        return root.resolve("monolith-cache");
    }

    final Path cache(CacheId id) {
        return base().resolve("caches").resolve(id.value());
    }

    final Path references(CacheId id) {
        return base().resolve(".monolith/refs").resolve(id.value());
    }

    final Path trash() {
        return base().resolve(".monolith/trash");
    }

    /** Runs something while the registry cannot be reached. */
    final void disconnected(Runnable action) {
        UnreachableReferences.disconnect(root);
        try {
            action.run();
        } finally {
            UnreachableReferences.reconnect(root);
        }
    }

    @AfterEach
    final void closeAll() {
        processes.forEach(RemoteRegistry::kill);
        managers.forEach(CacheManager::close);
    }
}
