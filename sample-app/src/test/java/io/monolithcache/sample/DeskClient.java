// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a desk as any HTTP client does. */
public final class DeskClient {

    private static final String BOUNDARY = "a-line-that-no-table-has";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int port;

    DeskClient(int port) {
        this.port = port;
    }

    /** What came back. */
    public record Answer(int status, HttpHeaders headers, String text) {

        public JsonNode json() {
            return JSON.readTree(text);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    public Answer upload(String name, String content, String... headers) {
        return upload("file", name, BodyPublishers.ofString(content), headers);
    }

    public Answer upload(String name, byte[] content) {
        return upload("file", name, BodyPublishers.ofByteArray(content));
    }

    public Answer upload(Path file) {
        try {
            return upload("file", file.getFileName().toString(), BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Answer upload(String field, String name, BodyPublisher content, String... headers) {
        return send(request("/jobs", headers)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(partHead(field, name)), content, BodyPublishers.ofString(partsEnd()))));
    }

    /** Two files as the fields {@code left} and {@code right}. */
    public Answer compare(String left, String right) {
        return compare("left.csv", left, "right.csv", right);
    }

    public Answer compare(String leftName, String left, String rightName, String right) {
        return send(request("/compare")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofString(partHead("left", leftName) + left + "\r\n" + partHead("right", rightName)
                        + right + partsEnd())));
    }

    public static String partHead(String field, String name) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name
                + "\"\r\n\r\n";
    }

    public static String partsEnd() {
        return "\r\n--" + BOUNDARY + "--\r\n";
    }

    /** The head of an upload whose body is written by hand. */
    public static String uploadHead(long contentLength) {
        return "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                + "\r\nContent-Length: " + contentLength + "\r\nConnection: close\r\n\r\n";
    }

    /** The id of a job made of this table. */
    public String newJob(String name, String content) {
        Answer answer = upload(name, content);
        if (answer.status() != 201) {
            throw new AssertionError(answer.text());
        }
        return answer.json().get("id").asString();
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers));
    }

    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    /** A body that is written by hand. */
    public Answer post(String path, String type, String body) {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return headers.length == 0 ? request : request.headers(headers);
    }
}
