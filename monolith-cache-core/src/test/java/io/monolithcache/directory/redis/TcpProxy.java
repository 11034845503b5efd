// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server on the loopback, and cuts or stalls their connections. */
final class TcpProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;
    private volatile boolean stalled;
    private volatile boolean closed;

    TcpProxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        thread(this::accept);
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    client.close();
                } else {
                    Socket backend = new Socket();
                    backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                    sockets.add(client);
                    sockets.add(backend);
                    client.setTcpNoDelay(true);
                    backend.setTcpNoDelay(true);
                    thread(() -> pump(client, backend));
                    thread(() -> pump(backend, client));
                }
            } catch (IOException nobodyThere) {
                // the client is told by its own connection
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                awaitFlow();
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException cut) {
            // by this, or by one of the two
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private synchronized void awaitFlow() {
        while (stalled && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    /** From here on everybody is refused. */
    void cut() {
        refusing = true;
        breakConnections();
    }

    /** Every connection breaks now, and may be made again. */
    void breakConnections() {
        sockets.forEach(TcpProxy::closeQuietly);
        sockets.clear();
        synchronized (this) {
            notifyAll();
        }
    }

    void mend() {
        refusing = false;
    }

    /** Connections stay, and nothing comes through. */
    synchronized void stall(boolean on) {
        stalled = on;
        notifyAll();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException already) {
            // it is gone either way
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        breakConnections();
    }
}
