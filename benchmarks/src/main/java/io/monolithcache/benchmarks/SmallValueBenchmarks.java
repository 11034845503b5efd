// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

/** Values of 1 KiB. */
public class SmallValueBenchmarks extends ValueRound {

    public SmallValueBenchmarks() {
        super(1 << 10, 1_000);
    }
}
