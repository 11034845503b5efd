// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import java.util.List;

/** From a server that sends as fast as it can. */
public class FastS3Benchmarks extends S3Transfers {

    @Override
    List<String> behaviour() {
        return List.of("0", "0");
    }
}
