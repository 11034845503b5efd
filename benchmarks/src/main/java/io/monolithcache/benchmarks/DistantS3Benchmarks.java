// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import java.util.List;

/** From a server that behaves like S3: 15 ms until the first byte, 90 MB/s on a connection. */
public class DistantS3Benchmarks extends S3Transfers {

    @Override
    List<String> behaviour() {
        return List.of("15", "90");
    }
}
