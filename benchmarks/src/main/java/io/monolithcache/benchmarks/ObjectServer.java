// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As little of S3 as a cache directory needs, and as fast as the system sends files: what has the name {@code large} or
 * begins with {@code small-} comes from a file, everything else is kept in memory. On request it behaves as S3 does,
 * which takes a while until the first byte, and sends no faster on one connection than a certain rate.
 *
 * <p>Arguments: the file with the content, the length of the small ones, milliseconds until the first byte, and MB/s of
 * a connection; 0 for no limit. Prints its port.
 */
public final class ObjectServer {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final int CHUNK = 256 * 1024;

    private final FileChannel content;
    private final long smallLength;
    private final long latency;
    private final long rate;
    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    private ObjectServer(FileChannel content, long smallLength, long latency, long rate) {
        this.content = content;
        this.smallLength = smallLength;
        this.latency = TimeUnit.MILLISECONDS.toNanos(latency);
        this.rate = rate * 1_000_000;
    }

    public static void main(String[] arguments) throws IOException {
        FileChannel content = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ);
        ObjectServer server = new ObjectServer(
                content, Long.parseLong(arguments[1]), Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        ServerSocketChannel socket =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        System.out.println(((InetSocketAddress) socket.getLocalAddress()).getPort());
        while (true) {
            SocketChannel connection = socket.accept();
            Thread thread = new Thread(() -> server.serve(connection));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private record Request(
            String method, String key, Map<String, String> query, Map<String, String> head, ByteBuffer content) {

        byte[] body() {
            byte[] body = new byte[content.remaining()];
            content.duplicate().get(body);
            return body;
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.socket().getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                answer(request, connection);
            }
        } catch (IOException over) {
            // the client has gone
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        Map<String, String> head = new HashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            head.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        byte[] body = in.readNBytes(Integer.parseInt(head.getOrDefault("content-length", "0")));
        String[] parts = first.split(" ", 3);
        String[] target = parts[1].split("\\?", 2);
        Map<String, String> query = new HashMap<>();
        for (String pair : (target.length < 2 ? "" : target[1]).split("&", -1)) {
            String[] both = pair.split("=", 2);
            query.put(both[0], both.length < 2 ? "" : URLDecoder.decode(both[1], StandardCharsets.UTF_8));
        }
        String path = URLDecoder.decode(target[0], StandardCharsets.UTF_8);
        int slash = path.indexOf('/', 1);
        return new Request(
                parts[0],
                slash < 0 ? "" : path.substring(slash + 1),
                query,
                head,
                ByteBuffer.wrap(unchunked(head, body)));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                return null;
            }
            if (read != '\r') {
                line.write(read);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Clients send a body in chunks of their own, each with its length, and a checksum behind them. */
    private static byte[] unchunked(Map<String, String> head, byte[] body) throws IOException {
        if (!head.getOrDefault("content-encoding", "").contains("aws-chunked")) {
            return body;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (InputStream chunks = new ByteArrayInputStream(body)) {
            while (true) {
                String length = line(chunks);
                if (length == null) {
                    throw new EOFException();
                }
                int count = Integer.parseInt(length.split(";", 2)[0], 16);
                if (count == 0) {
                    return whole.toByteArray();
                }
                whole.write(chunks.readNBytes(count));
                String end = line(chunks);
                if (end == null) {
                    throw new EOFException();
                }
            }
        }
    }

    private void answer(Request request, SocketChannel connection) throws IOException {
        if (latency > 0) {
            LockSupport.parkNanos(latency);
        }
        switch (request.method()) {
            case "PUT" -> put(request, connection);
            case "DELETE" -> {
                objects.remove(request.key());
                send(connection, "204 No Content", "", new byte[0]);
            }
            case "POST" -> deleteAll(request, connection);
            default -> {
                if (request.query().containsKey("list-type")) {
                    list(request, connection);
                } else {
                    get(request, connection);
                }
            }
        }
    }

    private void put(Request request, SocketChannel connection) throws IOException {
        if (request.head().containsKey("if-none-match")) {
            byte[] there = objects.putIfAbsent(request.key(), request.body());
            send(connection, there == null ? "200 OK" : "412 Precondition Failed", "ETag: \"1\"\r\n", new byte[0]);
        } else {
            objects.put(request.key(), request.body());
            send(connection, "200 OK", "ETag: \"1\"\r\n", new byte[0]);
        }
    }

    private void deleteAll(Request request, SocketChannel connection) throws IOException {
        Matcher keys = Pattern.compile("<Key>(.*?)</Key>").matcher(new String(request.body(), StandardCharsets.UTF_8));
        while (keys.find()) {
            objects.remove(keys.group(1));
        }
        xml(connection, "<DeleteResult/>");
    }

    private void list(Request request, SocketChannel connection) throws IOException {
        String prefix = request.query().getOrDefault("prefix", "");
        String delimiter = request.query().getOrDefault("delimiter", "");
        String after = request.query().getOrDefault("start-after", "");
        NavigableMap<String, Integer> folders = new TreeMap<>();
        StringBuilder all = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        for (Map.Entry<String, byte[]> object : objects.tailMap(prefix, true).entrySet()) {
            String key = object.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (end >= 0) {
                folders.put(key.substring(0, end + 1), 1);
            } else if (key.compareTo(after) > 0) {
                all.append("<Contents><Key>").append(key).append("</Key><LastModified>");
                all.append(ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ISO_INSTANT));
                all.append("</LastModified><ETag>\"1\"</ETag><Size>").append(object.getValue().length);
                all.append("</Size></Contents>");
            }
        }
        folders.keySet().stream()
                .filter(folder -> folder.compareTo(after) > 0)
                .forEach(folder ->
                        all.append("<CommonPrefixes><Prefix>").append(folder).append("</Prefix></CommonPrefixes>"));
        xml(connection, all.append("</ListBucketResult>").toString());
    }

    private void get(Request request, SocketChannel connection) throws IOException {
        String name = request.key().substring(request.key().lastIndexOf('/') + 1);
        byte[] known = objects.get(request.key());
        long length = name.equals("large")
                ? content.size()
                : name.startsWith("small-") ? smallLength : known == null ? -1 : known.length;
        if (length < 0) {
            send(connection, "404 Not Found", "", new byte[0]);
            return;
        }
        long from = 0;
        long to = length - 1;
        Matcher range = RANGE.matcher(request.head().getOrDefault("range", ""));
        boolean ranged = range.matches();
        if (ranged) {
            from = Long.parseLong(range.group(1));
            to = range.group(2).isEmpty() ? to : Math.min(to, Long.parseLong(range.group(2)));
        }
        String head = "ETag: \"1\"\r\nAccept-Ranges: bytes\r\n"
                + (ranged ? "Content-Range: bytes " + from + "-" + to + "/" + length + "\r\n" : "");
        String status = ranged ? "206 Partial Content" : "200 OK";
        sendHead(connection, status, head, to - from + 1);
        if (request.method().equals("HEAD")) {
            return;
        }
        if (known != null) {
            write(connection, ByteBuffer.wrap(known, (int) from, (int) (to - from + 1)));
        } else {
            transfer(connection, from, to + 1);
        }
    }

    private void transfer(SocketChannel connection, long from, long to) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        for (long at = from; at < to; ) {
            long count = content.transferTo(at, Math.min(CHUNK, to - at), connection);
            at += count;
            sent += count;
            if (rate > 0) {
                long due = start + sent * TimeUnit.SECONDS.toNanos(1) / rate;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private static void xml(SocketChannel connection, String text) throws IOException {
        send(
                connection,
                "200 OK",
                "Content-Type: application/xml\r\n",
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(SocketChannel connection, String status, String head, byte[] body) throws IOException {
        sendHead(connection, status, head, body.length);
        write(connection, ByteBuffer.wrap(body));
    }

    private static void sendHead(SocketChannel connection, String status, String head, long length) throws IOException {
        String now = ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.RFC_1123_DATE_TIME);
        List<String> lines = new ArrayList<>();
        lines.add("HTTP/1.1 " + status + "\r\n");
        lines.add("Date: " + now + "\r\nLast-Modified: " + now + "\r\n" + head);
        if (!status.startsWith("204")) {
            lines.add("Content-Length: " + length + "\r\n");
        }
        lines.add("\r\n");
        write(connection, ByteBuffer.wrap(String.join("", lines).getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void write(SocketChannel connection, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = connection.write(bytes);
        }
    }
}
