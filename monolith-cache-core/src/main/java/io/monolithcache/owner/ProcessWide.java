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
 * <p>A set of names lives in a {@link Security} property, which belongs to the JVM. A static field belongs to a class
 * loader, and system properties are restored by tests. Interned strings are the monitors for the same reason.
 */
public final class ProcessWide {

    private static final String OWNERS = "io.monolithcache.owners";
    private static final String BUSY = "io.monolithcache.busy";

    private ProcessWide() {}

    /** Runs an action while nobody else in this JVM runs one under the same name. */
    public static <T> T exclusively(String name, Callable<T> action) throws Exception {
        synchronized (("io.monolithcache:" + name).intern()) {
            return action.call();
        }
    }

    /** Enters unless somebody else in this JVM is in; to be left in the end. The name has no spaces. */
    public static boolean tryEnter(String name) {
        return change(BUSY, name, true);
    }

    public static void leave(String name) {
        change(BUSY, name, false);
    }

    static void add(String owner) {
        change(OWNERS, owner, true);
    }

    static void remove(String owner) {
        change(OWNERS, owner, false);
    }

    static boolean contains(String owner) {
        synchronized (OWNERS.intern()) {
            return names(OWNERS).contains(owner);
        }
    }

    private static boolean change(String set, String name, boolean present) {
        synchronized (set.intern()) {
            Set<String> names = names(set);
            boolean changed = present ? names.add(name) : names.remove(name);
            if (changed) {
                Security.setProperty(set, String.join(" ", names));
            }
            return changed;
        }
    }

    private static Set<String> names(String set) {
        String names = Security.getProperty(set);
        return new LinkedHashSet<>(names == null || names.isEmpty() ? Set.of() : Arrays.asList(names.split(" ")));
    }
}
