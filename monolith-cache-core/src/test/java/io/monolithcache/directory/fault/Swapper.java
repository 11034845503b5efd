// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.concurrent.CountDownLatch;

/**
 * A thread that exchanges directories {@code d0, d1, …} and links {@code l0, l1, …} in a folder as fast as it can,
 * wherever that folder is moved to: it works relative to the open folder, as a process does whose working directory it
 * is.
 */
final class Swapper implements AutoCloseable {

    private final SecureDirectoryStream<Path> folder;
    private final CountDownLatch firstRound = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stopped;

    Swapper(Path path, int pairs) throws IOException {
        DirectoryStream<Path> opened = Files.newDirectoryStream(path);
        MountNamespace.assumeOrPrint(opened instanceof SecureDirectoryStream, "there is no renameat");
        folder = (SecureDirectoryStream<Path>) opened;
        thread = new Thread(() -> run(pairs), "swapper");
        thread.start();
    }

    private void run(int pairs) {
        while (!stopped) {
            for (int i = 0; i < pairs; i++) {
                rename("d" + i, "t" + i);
                rename("l" + i, "d" + i);
                rename("t" + i, "l" + i);
            }
            firstRound.countDown();
        }
    }

    private void rename(String from, String to) {
        try {
            folder.move(Path.of(from), folder, Path.of(to));
        } catch (IOException gone) {
            // deleted meanwhile, or not empty
        }
    }

    void awaitFirstRound() throws InterruptedException {
        firstRound.await();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stopped = true;
        thread.join();
        folder.close();
    }
}
