// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

/** Values of 10 MiB. */
public class LargeValueBenchmarks extends ValueRound {

    public LargeValueBenchmarks() {
        super(10 << 20, 10);
    }
}
