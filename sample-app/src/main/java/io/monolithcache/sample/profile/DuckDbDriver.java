// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Driver;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * Loads DuckDB's driver once more, in a class loader of its own, for one reason: the driver unpacks its native library
 * of 60 MB into the temporary folder, where it stays when the process is killed, and no setting changes that. Only when
 * its class loader does not find the library in the jar, it asks the system to load it by name, and then the class
 * loader is asked where that is.
 */
final class DuckDbDriver extends URLClassLoader {

    private static final String RESOURCE_PREFIX = "libduckdb_java.so";
    private static final String LIBRARY_NAME = "duckdb_java";

    private final Path library;

    private DuckDbDriver(URL jar, Path folder) {
        // not the application's class loader, which would find the driver first
        super(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        this.library = folder.resolve(System.mapLibraryName(LIBRARY_NAME));
    }

    /** The driver, whose native library lies in the given folder from now on. */
    static Driver load(Path folder) throws IOException {
        URL jar = DuckDBDriver.class.getProtectionDomain().getCodeSource().getLocation();
        // not closed: a driver needs its class loader for as long as it lives
        DuckDbDriver loader = new DuckDbDriver(jar, folder);
        try {
            Class.forName("org.duckdb.DuckDBNative", true, loader);
            return (Driver) loader.loadClass(DuckDBDriver.class.getName())
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This is not the DuckDB driver that the application was written for", e);
        } catch (ExceptionInInitializerError e) {
            throwUnpackingFailure(e);
            throw e;
        }
    }

    private static void throwUnpackingFailure(Throwable failure) throws IOException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UncheckedIOException unpacking) {
                throw unpacking.getCause();
            }
        }
    }

    /** The driver asks by the name of its system, so this knows which of the libraries to unpack. */
    @Override
    public @Nullable URL findResource(String name) {
        URL found = super.findResource(name);
        if (found == null || !name.startsWith(RESOURCE_PREFIX)) {
            return found;
        }
        try {
            unpack(found);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half of it would fill a disk that is full already. */
    private void unpack(URL packed) throws IOException {
        try (InputStream in = packed.openStream()) {
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(library);
            throw e;
        }
    }

    @Override
    protected @Nullable String findLibrary(String name) {
        return name.equals(LIBRARY_NAME) ? library.toString() : null;
    }
}
