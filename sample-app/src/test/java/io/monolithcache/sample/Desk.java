// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application in this JVM, on a port and with a root of its own. Not {@code @SpringBootTest}, which keeps a context
 * for the next test class when the root of this one is already deleted.
 */
public final class Desk implements AutoCloseable {

    private static final String CACHES = "monolith-cache/caches";
    private static final String SPOOL = "spool";
    private static final String LIBRARY = System.mapLibraryName("duckdb_java");

    private final ConfigurableApplicationContext context;
    private final Path root;

    private Desk(ConfigurableApplicationContext context, Path root) {
        this.context = context;
        this.root = root;
    }

    public static Desk start(Path root, String... properties) {
        Stream<String> always = Stream.of(
                "server.port=0",
                "monolith.cache.local.path=" + root,
                "spring.main.banner-mode=off",
                "spring.main.register-shutdown-hook=false",
                "logging.level.root=warn");
        String[] arguments =
                Stream.concat(always, Stream.of(properties)).map("--"::concat).toArray(String[]::new);
        return new Desk(new SpringApplicationBuilder(DataDeskApplication.class).run(arguments), root);
    }

    public DeskClient client() {
        return new DeskClient(port());
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /**
     * The ids of all cache directories of jobs, drafts and requests, when no upload is under way any more: its
     * directory goes a moment after the response. DuckDB's library stays, whenever it was loaded.
     */
    public List<String> directories() {
        return await().until(this::caches, all -> all.stream().noneMatch(Desk::isOfAnUpload)).stream()
                .filter(directory -> !Files.exists(directory.resolve(LIBRARY)))
                .map(directory -> directory.getFileName().toString())
                .sorted()
                .toList();
    }

    private static boolean isOfAnUpload(Path directory) {
        return Files.exists(directory.resolve(SPOOL));
    }

    /** What the container has spooled and not deleted. */
    public List<Path> spooled() {
        return caches().stream()
                .map(directory -> directory.resolve(SPOOL))
                .filter(Files::exists)
                .flatMap(spool -> list(spool).stream())
                .toList();
    }

    /** Nothing, if it was never there, or goes this instant. */
    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory(String id) {
        return root.resolve(CACHES).resolve(id);
    }

    private List<Path> caches() {
        return list(root.resolve(CACHES));
    }

    @Override
    public void close() {
        context.close();
    }
}
