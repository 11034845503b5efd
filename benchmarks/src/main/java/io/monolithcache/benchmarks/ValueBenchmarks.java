// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

/** Values of 100 KiB. */
public class ValueBenchmarks extends ValueRound {

    public ValueBenchmarks() {
        super(100 << 10, 1_000);
    }
}
