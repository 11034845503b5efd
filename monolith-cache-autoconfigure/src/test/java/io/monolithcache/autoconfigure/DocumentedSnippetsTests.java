// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every Java listing of the documentation compiles, with what its text takes for granted around it. */
class DocumentedSnippetsTests {

    private static final Path PROJECT = Path.of(System.getProperty("basedir", "."), "..");

    private static final Pattern LISTING =
            Pattern.compile("^ *```java\\n(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^ *(?:(?:final|public) )*class ", Pattern.MULTILINE);

    /** What a reader's editor imports. */
    private static final List<String> IMPORTS = List.of(
            "io.lettuce.core.metrics.*",
            "io.micrometer.core.instrument.MeterRegistry",
            "io.monolithcache.directory.*",
            "io.monolithcache.directory.event.*",
            "io.monolithcache.scope.*",
            "io.monolithcache.web.*",
            "java.io.*",
            "java.nio.file.*",
            "java.time.*",
            "java.util.*",
            "java.util.concurrent.*",
            "java.util.stream.*",
            "java.util.zip.*",
            "org.springframework.beans.factory.*",
            "org.springframework.beans.factory.config.*",
            "org.springframework.boot.*",
            "org.springframework.boot.autoconfigure.*",
            "org.springframework.boot.data.redis.autoconfigure.*",
            "org.springframework.context.annotation.*",
            "org.springframework.context.event.EventListener",
            "org.springframework.core.io.*",
            "org.springframework.stereotype.*",
            "org.springframework.test.web.servlet.setup.*",
            "org.springframework.web.bind.annotation.*",
            "org.springframework.web.servlet.mvc.method.annotation.*",
            "reactor.core.publisher.*",
            "reactor.core.scheduler.*",
            "static io.monolithcache.scope.ScopePropagation.*");

    /** What listings use of the application that they are from. */
    private static final String APPLICATION = """
            package listing;

            import io.monolithcache.directory.CacheDirectory;
            import io.monolithcache.directory.CacheId;
            import io.monolithcache.directory.CacheManager;
            import io.monolithcache.scope.CacheScopes;
            import java.nio.file.Path;
            import java.util.Map;
            import java.util.concurrent.ExecutorService;
            import org.springframework.core.io.Resource;
            import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

            public abstract class Application {
                protected CacheManager cacheManager;
                protected CacheScopes cacheScopes;
                protected CacheDirectory directory;
                protected CacheId id;
                protected ExecutorService executor;
                protected Map<CacheId, Path> index;
                protected SseEmitter emitter;
                protected Object controller;

                protected abstract void feed(SseEmitter emitter, CacheDirectory directory);

                protected abstract Resource write(Path folder);
            }
            """;

    @TempDir
    Path classes;

    @ParameterizedTest
    @CsvSource({
        "README.md, 3",
        "docs/directories.md, 5",
        "docs/observability.md, 3",
        "docs/requests.md, 4",
        "docs/scopes.md, 5"
    })
    void listingsCompile(String page, int listings) throws Exception {
        List<JavaFileObject> sources = new ArrayList<>();
        sources.add(source("listing/Application.java", APPLICATION));
        String text = Files.readString(PROJECT.resolve(page));
        Matcher listing = LISTING.matcher(text);
        while (listing.find()) {
            long line = text.substring(0, listing.start(1)).lines().count();
            sources.add(source(sources.size(), line, listing.group(1)));
        }

        assertThat(sources).as("the application and the listings").hasSize(listings + 1);
        assertThat(errors(sources)).as("errors, with the lines of %s", page).isEmpty();
    }

    /** A whole file, types, members of a class, or statements. The line numbers are those of the page. */
    private static JavaFileObject source(int number, long line, String listing) {
        String code = listing.replace("() -> …", "() -> {}").replace("{ … }", "{}");
        String lines = "\n".repeat((int) line);
        if (code.startsWith("package ")) {
            String name = TYPE.matcher(code).find() ? code.replaceAll("(?s).*?\\nclass (\\w+).*", "$1") : "none";
            return source("listing" + number + "/" + name + ".java", lines + code);
        }
        StringBuilder file = new StringBuilder("package listing" + number + "; ");
        IMPORTS.forEach(each -> file.append("import ").append(each).append("; "));
        if (TYPE.matcher(code).find()) {
            file.append(lines).append(code);
        } else {
            boolean members = code.stripLeading().startsWith("@");
            file.append("abstract class Listing extends listing.Application { ")
                    .append(members ? "" : "void listing() throws Exception { ")
                    .append(lines)
                    .append(code)
                    .append(members ? "}" : "}}");
        }
        return source("listing" + number + "/Listing.java", file.toString());
    }

    private static JavaFileObject source(String path, String code) {
        return new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }

    private List<String> errors(List<JavaFileObject> sources) {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-d", classes.toString());
        boolean compiled =
                compiler.getTask(null, null, found, options, null, sources).call();
        List<String> errors = found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getLineNumber() + ": " + diagnostic.getMessage(Locale.ROOT))
                .toList();
        assertThat(compiled).as("%s", errors).isEqualTo(errors.isEmpty());
        return errors;
    }
}
