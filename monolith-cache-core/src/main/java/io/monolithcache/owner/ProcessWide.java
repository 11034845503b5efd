// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * What all class loaders of this JVM share: mutual exclusion by name, and the set of this JVM's own owners. POSIX file
 * locks belong to the process, so a second copy of this code in the same process (a restart by developer tools, two
 * applications in one server) has to see the same set.
 *
 * <p>The set lives in a {@link Security} property, which belongs to the JVM. A static field belongs to a class loader,
 * and system properties are restored by tests. Interned strings are the monitors for the same reason.
 */
public final class ProcessWide {

    private static final String OWNERS = "io.monolithcache.owners";

    private ProcessWide() {}

    /** Runs an action while nobody else in this JVM runs one under the same name. */
    public static <T> T exclusively(String name, Callable<T> action) throws Exception {
        synchronized (("io.monolithcache:" + name).intern()) {
            return action.call();
        }
    }

    static void add(String owner) {
        change(owner, true);
    }

    static void remove(String owner) {
        change(owner, false);
    }

    static boolean contains(String owner) {
        synchronized (OWNERS.intern()) {
            return owners().contains(owner);
        }
    }

    private static void change(String owner, boolean present) {
        synchronized (OWNERS.intern()) {
            Set<String> owners = owners();
            if (present ? owners.add(owner) : owners.remove(owner)) {
                Security.setProperty(OWNERS, String.join(" ", owners));
            }
        }
    }

    private static Set<String> owners() {
        String names = Security.getProperty(OWNERS);
        return new LinkedHashSet<>(names == null || names.isEmpty() ? Set.of() : Arrays.asList(names.split(" ")));
    }
}
