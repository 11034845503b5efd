// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Duration;

/**
 * How files come to S3 and from there.
 *
 * @param connections how many requests one transfer has under way at a time; the client needs as many connections
 * @param partSize up to how many bytes a file is read or written with one request, and held in memory; larger ones go
 *     in parts. S3 itself wants 5 MiB or more
 * @param timeout how long an attempt may take, and a second more for each 64 KiB that it carries
 * @param progress hears of every part
 */
public record S3TransferSettings(int connections, int partSize, Duration timeout, S3Progress progress) {

    private static final int SMALLEST_PART = 5 * 1024 * 1024;
    private static final int LARGEST_PART = 1024 * 1024 * 1024;
    private static final int MOST_CONNECTIONS = 256;

    /** @throws IllegalArgumentException if one of them is out of its range */
    public S3TransferSettings {
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "A transfer has 1 to " + MOST_CONNECTIONS + " connections, not " + connections);
        }
        if (partSize < 1 || partSize > LARGEST_PART) {
            throw new IllegalArgumentException(
                    "A part has at most " + LARGEST_PART + " bytes, and at least one, not " + partSize);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("A time-out is positive, not " + timeout);
        }
    }

    /** 12 connections, parts of 8 MiB, 30 seconds. */
    public static S3TransferSettings defaults() {
        return new S3TransferSettings(12, 8 * 1024 * 1024, Duration.ofSeconds(30), S3Progress.NONE);
    }

    /** With parts of that many bytes. @throws IllegalArgumentException if S3 would refuse them */
    public S3TransferSettings withPartSize(int bytes) {
        if (bytes < SMALLEST_PART) {
            throw new IllegalArgumentException("S3 wants parts of at least " + SMALLEST_PART + " bytes, not " + bytes);
        }
        return new S3TransferSettings(connections, bytes, timeout, progress);
    }

    public S3TransferSettings withConnections(int number) {
        return new S3TransferSettings(number, partSize, timeout, progress);
    }

    public S3TransferSettings withTimeout(Duration time) {
        return new S3TransferSettings(connections, partSize, time, progress);
    }

    public S3TransferSettings withProgress(S3Progress listener) {
        return new S3TransferSettings(connections, partSize, timeout, listener);
    }
}
