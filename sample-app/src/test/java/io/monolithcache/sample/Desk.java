// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

    /** The ids of all cache directories: of jobs, of drafts, and of the workspace. */
    public List<String> directories() {
        try (Stream<Path> directories = Files.list(caches())) {
            return directories
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the container has spooled and not deleted. */
    public List<Path> spooled() {
        try (Stream<Path> directories = Files.list(caches())) {
            Path spool = directories
                    .map(directory -> directory.resolve("spool"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            try (Stream<Path> files = Files.list(spool)) {
                return files.toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory(String id) {
        return caches().resolve(id);
    }

    private Path caches() {
        return root.resolve("monolith-cache/caches");
    }

    @Override
    public void close() {
        context.close();
    }
}
