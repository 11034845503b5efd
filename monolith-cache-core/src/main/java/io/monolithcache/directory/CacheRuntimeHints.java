// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Keeps in a native image what is found by its name only: the storages, and the scripts that Redis runs. */
final class CacheRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        Class<DirectoryBackend.Provider> service = DirectoryBackend.Provider.class;
        hints.resources().registerPattern("META-INF/services/" + service.getName());
        hints.resources().registerPattern("io/monolithcache/directory/redis/*.lua");
        ServiceLoader.load(service, classLoader).stream()
                .map(ServiceLoader.Provider::type)
                .forEach(type -> hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS));
    }
}
