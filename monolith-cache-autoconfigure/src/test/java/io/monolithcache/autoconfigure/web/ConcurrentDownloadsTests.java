// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * 500 downloads at a time, each made of files in its request's directory while it is sent. A third of the clients go
 * away in the middle: nothing is left, and none of those who read was missing a file, whoever had gone.
 */
class ConcurrentDownloadsTests {

    private static final int DOWNLOADS = 500;
    private static final int CUT = DOWNLOADS / 3;
    private static final int FILES = 6;
    private static final int SIZE = 16 << 10;

    @TempDir
    Path root;

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftAndNothingIsMissing(ServletServer server) throws Exception {
        ConfigurableApplicationContext application =
                server.start(Application.class, root, "logging.level.root=off", "server.shutdown=immediate");
        ExecutorService clients = Executors.newCachedThreadPool();
        try {
            Downloads downloads = application.getBean(Downloads.class);
            int port = ServletServer.port(application);
            List<Future<Boolean>> whole = new ArrayList<>();
            for (int i = 0; i < DOWNLOADS; i++) {
                boolean cut = i % 3 == 0 && i / 3 < CUT;
                whole.add(clients.submit(() -> download(port, cut, downloads)));
            }
            int complete = 0;
            for (Future<Boolean> download : whole) {
                complete += download.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }

            assertThat(complete).isEqualTo(DOWNLOADS - CUT);
            await().atMost(Duration.ofSeconds(10)).until(() -> downloads.finished.get() == DOWNLOADS);
            assertThat(downloads.missing)
                    .as("files that were missing under a reader")
                    .hasValue(0);
            assertThat(downloads.lost).as("readers whose client had gone").hasPositiveValue();
            await().atMost(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(directories()).isEmpty());
        } finally {
            clients.shutdownNow();
            application.close();
        }
    }

    private List<Path> directories() throws IOException {
        try (Stream<Path> caches = Files.list(root.resolve("monolith-cache/caches"))) {
            return caches.toList();
        }
    }

    /** Whether all of it came. */
    private static boolean download(int port, boolean cut, Downloads downloads) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress("localhost", port), 60_000);
            socket.getOutputStream().write("GET /download HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            if (cut) {
                in.readNBytes(1000);
                socket.setSoLinger(true, 0);
                socket.close();
                downloads.cut.countDown();
                return false;
            }
            byte[] answer = in.readAllBytes();
            byte[] body = Arrays.copyOfRange(answer, Math.max(0, answer.length - FILES * SIZE), answer.length);
            return Arrays.equals(body, content());
        }
    }

    private static byte[] content() {
        byte[] content = new byte[FILES * SIZE];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / SIZE);
        }
        return content;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Downloads.class)
    static class Application {

        /** A thread for each download. Not Boot's executor, whose tasks hold the scope that they are handed over in. */
        @Bean
        WebMvcConfigurer threads() {
            return new WebMvcConfigurer() {
                @Override
                public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
                    configurer.setTaskExecutor(new SimpleAsyncTaskExecutor("download-"));
                }
            };
        }
    }

    @RestController
    static class Downloads {

        /** All are in the middle at the same time, and those who go are gone when the others read on. */
        private final CountDownLatch begun = new CountDownLatch(DOWNLOADS);

        private final CountDownLatch cut = new CountDownLatch(CUT);
        private final AtomicInteger missing = new AtomicInteger();
        private final AtomicInteger lost = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();

        @GetMapping("/download")
        StreamingResponseBody download(CacheDirectory directory) throws IOException {
            byte[] content = content();
            for (int file = 0; file < FILES; file++) {
                Files.write(
                        directory.path().resolve("part-" + file),
                        Arrays.copyOfRange(content, file * SIZE, (file + 1) * SIZE));
            }
            return out -> {
                try {
                    send(directory, out);
                } finally {
                    finished.incrementAndGet();
                }
            };
        }

        private void send(CacheDirectory directory, OutputStream out) throws IOException {
            boolean isLost = false;
            for (int file = 0; file < FILES; file++) {
                byte[] part = read(directory, "part-" + file);
                if (!isLost) {
                    isLost = !write(out, part);
                }
                if (file == 0) {
                    begun.countDown();
                    awaitUninterruptibly(begun);
                    awaitUninterruptibly(cut);
                }
            }
        }

        /** As somebody who packs a whole archive reads on, although nobody takes it any more. */
        private byte[] read(CacheDirectory directory, String name) throws IOException {
            // a request whose client has gone interrupts
            Thread.interrupted();
            try (InputStream in = directory.resource(name).getInputStream()) {
                return in.readAllBytes();
            } catch (NoSuchFileException | IllegalStateException gone) {
                missing.incrementAndGet();
                throw new IOException(gone);
            }
        }

        private boolean write(OutputStream out, byte[] part) {
            try {
                out.write(part);
                out.flush();
                return true;
            } catch (IOException | RuntimeException gone) {
                lost.incrementAndGet();
                return false;
            }
        }

        private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
            try {
                if (!latch.await(60, TimeUnit.SECONDS)) {
                    throw new IOException("Not all of them have come");
                }
            } catch (InterruptedException lost) {
                throw new IOException(lost);
            }
        }
    }
}
