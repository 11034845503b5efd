// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server of S3 and understands what they say, so that it can spoil a certain request. */
final class S3Faults implements AutoCloseable {

    /** A request as it passes by: the method and where it goes, with its query. */
    record Passing(String method, String target, List<String> head) {

        boolean is(String wanted, String part) {
            return method.equals(wanted) && target.contains(part);
        }
    }

    /** What is done to a request. */
    sealed interface Fault {

        /** It does not reach the server. */
        record Answer(int status, String code) implements Fault {}

        /** It takes effect, and nobody is told. */
        record Lose() implements Fault {}

        /** After so many bytes of the body of the answer the connection breaks. */
        record Cut(int after) implements Fault {}

        /** The body of the answer ends early, and its length says that this is all. */
        record Shorten(int to) implements Fault {}

        /** The body of the answer ends early, and its range says so, as a store may do. */
        record Narrow(int to) implements Fault {}

        /** One byte of the body of the answer is another one. */
        record Corrupt(int at) implements Fault {}

        /** The answer waits. */
        record Hold(CountDownLatch until) implements Fault {}

        /** After so many bytes of the body the answer waits. */
        record Pause(int after, CountDownLatch until) implements Fault {}
    }

    private record Rule(Predicate<Passing> which, AtomicInteger passed, Fault fault, AtomicInteger times) {}

    private final int target;
    private final ServerSocket server;
    private final List<Rule> rules = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    S3Faults(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        thread(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Spoils that many of the requests to come. */
    void spoil(int times, String method, String part, Fault fault) {
        spoil(times, method, part, 0, fault);
    }

    /** Lets some pass, then spoils that many of the requests to come. */
    void spoil(int times, String method, String part, int passed, Fault fault) {
        synchronized (rules) {
            rules.add(new Rule(
                    passing -> passing.is(method, part), new AtomicInteger(passed), fault, new AtomicInteger(times)));
        }
    }

    /** Everything comes through again. */
    void heal() {
        synchronized (rules) {
            rules.clear();
        }
    }

    /** How often a rule has still to be applied. */
    int left() {
        synchronized (rules) {
            return rules.stream().mapToInt(rule -> rule.times().get()).sum();
        }
    }

    private @Nullable Fault faultOf(Passing passing) {
        synchronized (rules) {
            for (Rule rule : rules) {
                if (rule.times().get() > 0
                        && rule.which().test(passing)
                        && rule.passed().getAndDecrement() <= 0) {
                    rule.times().decrementAndGet();
                    return rule.fault();
                }
            }
            return null;
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "s3-faults");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                thread(() -> serve(client));
            } catch (IOException closing) {
                // the client is told by its own connection
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket backend = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(backend);
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
            InputStream fromClient = new BufferedInputStream(client.getInputStream());
            InputStream fromServer = new BufferedInputStream(backend.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                goesOn = exchange(fromClient, client.getOutputStream(), fromServer, backend.getOutputStream());
            }
        } catch (IOException | InterruptedException over) {
            // one of the two has had enough
        }
    }

    private boolean exchange(
            InputStream fromClient, OutputStream toClient, InputStream fromServer, OutputStream toServer)
            throws IOException, InterruptedException {
        List<String> head = head(fromClient);
        if (head.isEmpty()) {
            return false;
        }
        String[] line = head.get(0).split(" ", 3);
        Fault fault = faultOf(new Passing(line[0], line[1], head));
        if (value(head, "expect") != null) {
            toClient.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            head.removeIf(header -> header.toLowerCase(Locale.ROOT).startsWith("expect:"));
        }
        byte[] body = body(fromClient, head);
        if (fault instanceof Fault.Answer answer) {
            byte[] text = ("<Error><Code>" + answer.code() + "</Code><Message>spoilt</Message></Error>")
                    .getBytes(StandardCharsets.UTF_8);
            send(toClient, List.of("HTTP/1.1 " + answer.status() + " Spoilt", "Connection: close"), text, text.length);
            return false;
        }
        write(toServer, head, body);
        List<String> answer = head(fromServer);
        boolean hasBody = !line[0].equals("HEAD")
                && !answer.get(0).contains(" 204")
                && !answer.get(0).contains(" 304");
        byte[] content = hasBody ? body(fromServer, answer) : new byte[0];
        return answer(toClient, answer, content, hasBody, fault);
    }

    private static boolean answer(
            OutputStream toClient, List<String> head, byte[] content, boolean hasBody, @Nullable Fault fault)
            throws IOException, InterruptedException {
        if (fault instanceof Fault.Lose) {
            return false;
        }
        if (fault instanceof Fault.Hold hold) {
            hold.until().await();
        }
        if (fault instanceof Fault.Pause pause) {
            int before = Math.min(pause.after(), content.length);
            send(toClient, head, Arrays.copyOf(content, before), content.length);
            pause.until().await();
            toClient.write(content, before, content.length - before);
            return true;
        }
        if (fault instanceof Fault.Cut cut) {
            send(toClient, head, Arrays.copyOf(content, Math.min(cut.after(), content.length)), content.length);
            return false;
        }
        if (fault instanceof Fault.Shorten shorten) {
            byte[] less = Arrays.copyOf(content, Math.min(shorten.to(), content.length));
            send(toClient, head, less, less.length);
            return true;
        }
        if (fault instanceof Fault.Narrow narrow) {
            byte[] less = Arrays.copyOf(content, Math.min(narrow.to(), content.length));
            send(toClient, narrowed(head, less.length), less, less.length);
            return true;
        }
        if (fault instanceof Fault.Corrupt corrupt) {
            content[corrupt.at()] ^= 1;
        }
        if (hasBody) {
            send(toClient, head, content, content.length);
        } else {
            write(toClient, head, content);
        }
        return true;
    }

    /** With {@code bytes 5-8/20} of a body that has two bytes as {@code bytes 5-6/20}. */
    private static List<String> narrowed(List<String> head, int length) {
        String range = value(head, "content-range");
        if (range == null) {
            throw new IllegalArgumentException("There is no range to narrow in " + head);
        }
        long first = Long.parseLong(range.substring("bytes ".length(), range.indexOf('-')));
        List<String> narrowed = new ArrayList<>(head);
        narrowed.removeIf(header -> header.toLowerCase(Locale.ROOT).startsWith("content-range:"));
        narrowed.add(
                "Content-Range: bytes " + first + "-" + (first + length - 1) + range.substring(range.indexOf('/')));
        return narrowed;
    }

    private static void send(OutputStream to, List<String> head, byte[] body, int length) throws IOException {
        List<String> framed = new ArrayList<>(head);
        framed.removeIf(header -> {
            String lower = header.toLowerCase(Locale.ROOT);
            return lower.startsWith("content-length:") || lower.startsWith("transfer-encoding:");
        });
        framed.add("Content-Length: " + length);
        write(to, framed, body);
    }

    private static void write(OutputStream to, List<String> head, byte[] body) throws IOException {
        String text = String.join("\r\n", head) + "\r\n\r\n";
        to.write(text.getBytes(StandardCharsets.ISO_8859_1));
        to.write(body);
        to.flush();
    }

    /** The lines before the empty one; none if the connection has ended. */
    private static List<String> head(InputStream from) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(from); !line.isEmpty(); line = line(from)) {
            lines.add(line);
        }
        return lines;
    }

    private static String line(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = from.read(); next != '\n'; next = from.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private static byte[] body(InputStream from, List<String> head) throws IOException {
        if (value(head, "transfer-encoding") != null) {
            return chunks(from);
        }
        String length = value(head, "content-length");
        return length == null ? new byte[0] : read(from, Integer.parseInt(length));
    }

    private static byte[] chunks(InputStream from) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(from).split(";", 2)[0], 16);
            body.writeBytes(read(from, size));
            String unused = line(from);
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private static byte[] read(InputStream from, int length) throws IOException {
        byte[] bytes = from.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static @Nullable String value(List<String> head, String name) {
        return head.stream()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(header -> header.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
