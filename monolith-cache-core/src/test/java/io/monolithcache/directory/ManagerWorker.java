// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** A manager that is told by words what to do, so that another class loader can use it. */
public final class ManagerWorker implements BiFunction<String, String, String> {

    private final CacheManager manager;
    private final Map<String, CacheDirectory> handles = new ConcurrentHashMap<>();

    public ManagerWorker(Path root) {
        manager = CacheManager.builder().root(root).sweepInterval(Duration.ZERO).build();
    }

    @Override
    public String apply(String command, String argument) {
        try {
            return run(command, argument);
        } catch (CacheException failure) {
            return failure.getClass().getSimpleName();
        }
    }

    private String run(String command, String argument) {
        String[] words = argument.split(" ", -1);
        String id = words[0];
        switch (command) {
            case "create" -> {
                return hold(manager.create());
            }
            case "attach" -> {
                return hold(manager.attach(CacheId.of(id)));
            }
            case "release" -> handles.get(id).close();
            case "put" -> handles.get(id).putMetadata(words[1], 1);
            case "keys" -> {
                return String.valueOf(
                        manager.find(CacheId.of(id)).orElseThrow().metadata().size());
            }
            case "exists" -> {
                return String.valueOf(manager.find(CacheId.of(id)).isPresent());
            }
            case "evict" -> manager.evict(CacheId.of(id));
            case "sweep" -> manager.sweep();
            case "close" -> manager.close();
            default -> throw new IllegalArgumentException(command);
        }
        return command;
    }

    private String hold(CacheDirectory handle) {
        handles.put(handle.id().value(), handle);
        return handle.id().value();
    }
}
