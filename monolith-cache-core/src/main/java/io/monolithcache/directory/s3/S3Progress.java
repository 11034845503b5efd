// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import org.slf4j.LoggerFactory;

/** Hears how far transfers are; in several threads, in no order, and it should be quick. */
@FunctionalInterface
public interface S3Progress {

    S3Progress NONE = (location, bytes, total) -> {};

    /** What a listener throws is none of the transfer's. */
    default void tell(String location, long bytes, long total) {
        try {
            transferred(location, bytes, total);
        } catch (RuntimeException failure) {
            LoggerFactory.getLogger(S3Progress.class).warn("{} failed", this, failure);
        }
    }

    /**
     * A part has arrived.
     *
     * @param location of the file, as {@code s3://bucket/key}
     * @param bytes of that part
     * @param total of the whole file; -1 while it is not known
     */
    void transferred(String location, long bytes, long total);
}
