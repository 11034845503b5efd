// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a request is over, on Tomcat and Jetty as they are, without Spring Boot. */
class RequestsOnServersTests {

    private static final EnumSet<DispatcherType> DISPATCHES =
            EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.INCLUDE);

    @TempDir
    static Path root;

    private static final Logger TOMCAT_LOGGER = Logger.getLogger("org.apache");

    private static CacheManager manager;
    private static CacheScopes scopes;
    private static final List<AutoCloseable> SERVERS = new ArrayList<>();
    private static final Map<String, Integer> PORTS = new HashMap<>();

    /** Where the request was seen, in order. */
    private static final List<Path> SEEN = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() throws Exception {
        manager = CacheManager.builder().root(root).build();
        scopes = new CacheScopes(manager);
        // kept, because loggers are collected
        TOMCAT_LOGGER.setLevel(Level.OFF);
        for (boolean page : new boolean[] {true, false}) {
            startTomcat(page);
            startJetty(page);
        }
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable server : SERVERS) {
            server.close();
        }
        manager.close();
    }

    interface Action {
        void run(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    /** What the application does, and whether the container has an error page of the application's. */
    @SuppressWarnings("ImmutableEnumChecker") // each action is a lambda that captures nothing
    enum Case {
        ANSWERS(200, (request, response) -> response.getWriter().write("fine")),
        ANSWERS_NOT_FOUND(404, (request, response) -> response.setStatus(404)),
        SENDS_ERROR(409, (request, response) -> response.sendError(409)),
        SENDS_ERROR_WITHOUT_BODY(304, (request, response) -> response.sendError(304)),
        THROWS(500, (request, response) -> {
            throw new ServletException("on purpose");
        }),
        THROWS_AFTER_THE_HEAD(200, (request, response) -> {
            response.flushBuffer();
            throw new ServletException("on purpose");
        }),
        /** Jetty waits for the time limit all the same. */
        THROWS_AFTER_ASYNC(500, (request, response) -> {
            request.startAsync().setTimeout(50);
            throw new ServletException("on purpose");
        }),
        COMPLETES_AT_ONCE(200, (request, response) -> request.startAsync().complete()),
        DISPATCHES_TO_AN_ERROR(409, (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.sendError(409);
            } else {
                request.startAsync().dispatch();
            }
        }),
        IS_LATE(500, (request, response) -> request.startAsync().setTimeout(50));

        final int status;
        final Action action;

        Case(int status, Action action) {
            this.status = status;
            this.action = action;
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of("tomcat with error page", "tomcat", "jetty with error page", "jetty")
                .flatMap(server -> Stream.of(Case.values()).map(given -> Arguments.of(server, given)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void aRequestIsOverWhenItsErrorPageHasBeenWritten(String server, Case given) throws Exception {
        SEEN.clear();
        // "Calling [asyncPostProcess()] is not valid for a request with Async state [MUST_ERROR]"
        boolean isForgotten = server.equals("tomcat") && given == Case.THROWS_AFTER_ASYNC;

        assertThat(status(PORTS.get(server), given)).isEqualTo(isForgotten ? 0 : given.status);

        await().pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(SEEN)
                        .isNotEmpty()
                        .allSatisfy(path -> assertThat(path).doesNotExist()));
        assertThat(SEEN.stream().distinct()).as("one scope").hasSize(1);
        if (server.endsWith("page") && given.status >= 409) {
            assertThat(SEEN).as("the error page, too").hasSizeGreaterThan(1);
        }
    }

    private static HttpServlet application() {
        return servlet((request, response) -> {
            SEEN.add(scopes.directory().path());
            Case.valueOf(request.getParameter("case")).action.run(request, response);
        });
    }

    private static HttpServlet errorPage() {
        return servlet((request, response) -> {
            SEEN.add(scopes.directory().path());
            if (!response.isCommitted()) {
                response.getWriter().write("sorry");
            }
        });
    }

    private static HttpServlet servlet(Action action) {
        return new HttpServlet() {

            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                action.run(request, response);
            }
        };
    }

    /** By hand, because clients try again when they get no answer. 0 if there is none. */
    private static int status(int port, Case given) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            String request = "GET /it?case=" + given + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    private static void startTomcat(boolean page) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(root.resolve("tomcat" + page).toString());
        tomcat.setPort(0);
        Context context = tomcat.addContext("", null);
        addToTomcat(context, "servlet", application(), "/it");
        addToTomcat(context, "error", errorPage(), "/error");
        CacheRequestFilter filter = new CacheRequestFilter(scopes);
        FilterDef definition = new FilterDef();
        definition.setFilterName("scopes");
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("scopes");
        map.addURLPattern("/*");
        DISPATCHES.forEach(type -> map.setDispatcher(type.name()));
        context.addFilterMap(map);
        if (page) {
            ErrorPage registered = new ErrorPage();
            registered.setLocation("/error");
            context.addErrorPage(registered);
        }
        tomcat.getEngine().getPipeline().addValve(new CacheRequestValve(filter));
        tomcat.start();
        PORTS.put(
                page ? "tomcat with error page" : "tomcat",
                tomcat.getConnector().getLocalPort());
        SERVERS.add(() -> {
            tomcat.stop();
            tomcat.destroy();
        });
    }

    private static void addToTomcat(Context context, String name, HttpServlet servlet, String path) {
        Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
        wrapper.setAsyncSupported(true);
        wrapper.addMapping(path);
    }

    private static void startJetty(boolean page) throws Exception {
        Server jetty = new Server(0);
        ServletContextHandler context = new ServletContextHandler("/");
        addToJetty(context, application(), "/it");
        addToJetty(context, errorPage(), "/error");
        FilterHolder holder = new FilterHolder(new CacheRequestFilter(scopes));
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", DISPATCHES);
        if (page) {
            ErrorPageErrorHandler handler = new ErrorPageErrorHandler();
            handler.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, "/error");
            context.setErrorHandler(handler);
        }
        jetty.setHandler(context);
        jetty.start();
        PORTS.put(
                page ? "jetty with error page" : "jetty", ((ServerConnector) jetty.getConnectors()[0]).getLocalPort());
        SERVERS.add(jetty::stop);
    }

    private static void addToJetty(ServletContextHandler context, HttpServlet servlet, String path) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, path);
    }
}
