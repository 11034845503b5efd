// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A Redis of a test: a process on a free port of the loopback, with its files in a folder of the test. */
public final class RedisServer implements AutoCloseable {

    /** Redis 6.2, as a test library carries it; what tests use unless they are told otherwise. */
    public static final String BUNDLED = "/redis-server-6.2.6-v5-linux-amd64";

    /** Names another one for all tests, such as one that somebody has built. */
    private static final String OTHER = "monolith.redis.server";

    private final Path folder;
    private final List<String> command;
    private final int port;
    private Process process;

    private RedisServer(Path folder, List<String> command, int port) {
        this.folder = folder;
        this.command = command;
        this.port = port;
        this.process = launch(command);
    }

    /** An empty one that keeps nothing when it is stopped, unless the options say otherwise. */
    public static RedisServer start(Path folder, String... options) {
        return start(binary(folder), folder, options);
    }

    /** The same of another version. */
    public static RedisServer start(Path binary, Path folder, String... options) {
        return start(binary, freePort(), folder, options);
    }

    /** The same on a port that was chosen before. */
    static RedisServer startAt(int port, Path folder, String... options) {
        return start(binary(folder), port, folder, options);
    }

    private static RedisServer start(Path binary, int port, Path folder, String... options) {
        List<String> command = command(binary, port, folder);
        command.addAll(List.of("--save", ""));
        command.addAll(List.of(options));
        return new RedisServer(folder, command, port).awaited();
    }

    /** One that watches others. It writes into its configuration. */
    static RedisServer startSentinel(int port, Path folder, Path configuration) {
        List<String> command = command(binary(folder), port, folder);
        command.add(1, configuration.toString());
        command.add("--sentinel");
        return new RedisServer(folder, command, port).awaited();
    }

    private static List<String> command(Path binary, int port, Path folder) {
        return new ArrayList<>(List.of(
                binary.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--dir",
                folder.toString(),
                "--daemonize",
                "no"));
    }

    private static Path binary(Path folder) {
        String other = System.getProperty(OTHER);
        if (other == null) {
            return bundled(folder);
        }
        if (!Files.isExecutable(Path.of(other))) {
            throw new IllegalStateException(OTHER + " is " + other + ", which cannot be run");
        }
        return Path.of(other);
    }

    private static Path bundled(Path folder) {
        Path binary = folder.resolve("redis-server");
        if (!Files.exists(binary)) {
            try (InputStream in = RedisServer.class.getResourceAsStream(BUNDLED)) {
                Files.copy(Objects.requireNonNull(in, BUNDLED), binary);
                Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return binary;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process launch(List<String> line) {
        try {
            return new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("redis-" + port + ".log").toFile()))
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private RedisServer awaited() {
        // the first one of a process loads all of the client, which takes long on a busy machine
        Awaitility.await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> {
            try (Admin admin = admin()) {
                return admin.commands().ping().equals("PONG");
            }
        });
        return this;
    }

    public int port() {
        return port;
    }

    public RedisURI uri() {
        return RedisURI.create("127.0.0.1", port);
    }

    /** A connection of the test's own. */
    public record Admin(RedisClient client, StatefulRedisConnection<String, String> connection)
            implements AutoCloseable {

        public RedisCommands<String, String> commands() {
            return connection.sync();
        }

        @Override
        public void close() {
            connection.close();
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    public Admin admin() {
        return admin(uri());
    }

    public static Admin admin(RedisURI uri) {
        RedisClient client = RedisClient.create(uri);
        try {
            return new Admin(client, client.connect());
        } catch (RuntimeException failure) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            throw failure;
        }
    }

    /** Sends a command that takes no quotes, and waits for its answer. */
    public void tell(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() == '-') {
                throw new IllegalStateException("Redis refused " + command);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** SIGKILL. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** SIGSTOP, or SIGCONT. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** On the same port, with whatever it keeps. */
    public void startAgain() {
        process = launch(command);
        awaited();
    }

    /** The same with more options; it may not answer yet. */
    void startAgainWith(String... options) {
        List<String> more = new ArrayList<>(command);
        more.addAll(List.of(options));
        process = launch(more);
    }

    @Override
    public void close() {
        kill();
    }
}
