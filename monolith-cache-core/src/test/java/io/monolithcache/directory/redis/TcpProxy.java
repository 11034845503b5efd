// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stands between a client and a server on the loopback, and cuts or stalls their connections. */
public final class TcpProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;
    private volatile boolean closed;
    private volatile long delay;
    private boolean holdsRequests;
    private boolean holdsAnswers;
    private int held;

    public TcpProxy(int target) {
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

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    client.close();
                } else {
                    connect(client);
                }
            } catch (IOException closing) {
                // the client is told by its own connection
            }
        }
    }

    private void connect(Socket client) {
        Socket backend = new Socket();
        try {
            backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            sockets.add(client);
            sockets.add(backend);
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
            thread(() -> pump(client, backend, true));
            thread(() -> pump(backend, client, false));
        } catch (IOException nobodyThere) {
            closeQuietly(client);
            closeQuietly(backend);
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                awaitFlow(requests);
                LockSupport.parkNanos(delay);
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException cut) {
            // by this, or by one of the two
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private synchronized void awaitFlow(boolean requests) {
        while ((requests ? holdsRequests : holdsAnswers) && !closed) {
            held++;
            try {
                wait();
            } catch (InterruptedException interrupted) {
                return;
            } finally {
                held--;
            }
        }
    }

    /** From here on everybody is refused. */
    public void cut() {
        refusing = true;
        breakConnections();
    }

    /** Every connection breaks now, and may be made again. What is held back then never arrives. */
    public void breakConnections() {
        sockets.forEach(TcpProxy::closeQuietly);
        sockets.clear();
        synchronized (this) {
            notifyAll();
        }
    }

    public void mend() {
        refusing = false;
    }

    /** Connections stay, and nothing comes through. */
    public void stall(boolean on) {
        holdRequests(on);
        holdAnswers(on);
    }

    /** What the client sends arrives once they are held no more, even if the client has gone by then. */
    synchronized void holdRequests(boolean on) {
        holdsRequests = on;
        notifyAll();
    }

    /** Whether something has come that is held. */
    synchronized boolean isHolding() {
        return held > 0;
    }

    /** Whatever comes through takes so much longer, each way. */
    public void delay(Duration each) {
        delay = each.toNanos();
    }

    synchronized void holdAnswers(boolean on) {
        holdsAnswers = on;
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
