// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where uploads are on their way, byte by byte. */
class UploadTests {

    private static final int MEGABYTE = 1 << 20;

    @AutoClose
    private static Desk desk;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(
                root, "spring.servlet.multipart.max-file-size=1MB", "spring.servlet.multipart.max-request-size=2MB");
    }

    @Test
    void anUploadIsSpooledInTheDirectoryOfItsRequestAndMoved() throws Exception {
        byte[] head = (DeskClient.partHead("file", "a.csv") + "a,b\n" + "1,2\n".repeat(50_000)).getBytes(UTF_8);
        byte[] rest = ("3,4\n" + DeskClient.partsEnd()).getBytes(UTF_8);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), desk.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(DeskClient.uploadHead(head.length + rest.length).getBytes(UTF_8));
            out.write(head);
            out.flush();
            Object spooled = inode(
                    await().until(desk::spooled, files -> !files.isEmpty()).get(0));
            out.write(rest);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 201");
            String id = answer.replaceAll("(?s).*Location: /jobs/(\\w+).*", "$1");
            assertThat(inode(desk.directory(id).resolve("input.csv"))).isEqualTo(spooled);
            await().until(() -> desk.spooled().isEmpty());
        }
    }

    /** As long as Windows and macOS allow it; Tomcat alone would take a third of that. */
    @Test
    void aFileMayHaveALongName() {
        assertThat(desk.client().upload("表".repeat(251) + ".csv", "a\n1\n").status())
                .isEqualTo(201);
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() throws Exception {
        List<String> before = desk.directories();
        String head = DeskClient.partHead("file", "a.csv") + "a,b\n" + "1,2\n".repeat(50_000);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), desk.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(DeskClient.uploadHead(MEGABYTE).getBytes(UTF_8));
            out.write(head.getBytes(UTF_8));
            out.flush();
            await().until(() -> !desk.spooled().isEmpty());
        }

        await().until(() -> desk.spooled().isEmpty());
        assertThat(desk.directories()).isEqualTo(before);
    }

    /** As it is when this process stands still for longer than its lease. */
    @Test
    void anUploadWhoseDirectoryIsLostIsToBeSentAgain() throws Exception {
        byte[] head = (DeskClient.partHead("file", "a.csv") + "a,b\n" + "1,2\n".repeat(50_000)).getBytes(UTF_8);
        byte[] rest = ("3,4\n" + DeskClient.partsEnd()).getBytes(UTF_8);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), desk.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(DeskClient.uploadHead(head.length + rest.length).getBytes(UTF_8));
            out.write(head);
            out.flush();
            Path spool = await().until(desk::spooled, files -> !files.isEmpty())
                    .get(0)
                    .getParent();
            String directory = spool.getParent().getFileName().toString();
            assertThat(desk.client()
                            .delete("/actuator/cachedirectories/" + directory + "?force=true")
                            .status())
                    .isEqualTo(204);
            out.write(rest);
            out.flush();

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After")
                    .contains("Send it again");
        }
    }

    /**
     * Everything is sent before anything is read, as browsers do: a connection that is closed early shows no answer.
     */
    @Test
    void aRequestThatIsTooLargeIsAnsweredEvenToWhoSendsItAll() throws Exception {
        assertThat(answerTo(64 * MEGABYTE)).startsWith("HTTP/1.1 413").contains("larger than 1 MB");
    }

    @Test
    void aFileThatIsTooLargeIsAnsweredEvenToWhoSendsItAll() throws Exception {
        assertThat(answerTo(MEGABYTE + MEGABYTE / 2)).startsWith("HTTP/1.1 413").contains("larger than 1 MB");
        await().until(() -> desk.spooled().isEmpty());
    }

    /** A client that asks first is refused before it sends. */
    @Test
    void aRequestThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), desk.port())) {
            String head = DeskClient.uploadHead(1L << 40).replace("Connection", "Expect: 100-continue\r\nConnection");
            socket.getOutputStream().write(head.getBytes(UTF_8));
            socket.getOutputStream().flush();

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 413");
        }
    }

    private static String answerTo(int size) throws IOException {
        byte[] head = DeskClient.partHead("file", "a.csv").getBytes(UTF_8);
        byte[] end = DeskClient.partsEnd().getBytes(UTF_8);
        byte[] block = new byte[MEGABYTE / 2];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), desk.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(DeskClient.uploadHead(head.length + (long) size + end.length)
                    .getBytes(UTF_8));
            out.write(head);
            for (int sent = 0; sent < size; sent += block.length) {
                out.write(block);
            }
            out.write(end);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
