// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that names its requests, and may go away in the middle. */
final class HttpProbe {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;

    HttpProbe(int port) {
        this.port = port;
    }

    HttpResponse<byte[]> get(String path, String row, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header(Witness.HEADER, row)
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** How much comes until the server closes the connection. */
    int bytesBeforeTheEnd(String path, String row) throws IOException {
        try (Socket socket = connect(path, row)) {
            int count = 0;
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    count += read;
                }
            } catch (IOException reset) {
                // this, too, is an end
            }
            return count;
        }
    }

    /** Resets the connection after the first bytes. */
    void cut(String path, String row) throws IOException {
        try (Socket socket = connect(path, row)) {
            socket.getInputStream().readNBytes(100_000);
            socket.setSoLinger(true, 0);
        }
    }

    Socket connect(String path, String row) throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.setSoTimeout(30_000);
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Witness.HEADER + ": "
                + row + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
