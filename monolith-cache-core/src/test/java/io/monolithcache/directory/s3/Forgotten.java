// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Leaves something out of certain reads, as if the server did not know it. */
final class Forgotten implements ExecutionInterceptor {

    private final IntPredicate which;
    private final UnaryOperator<GetObjectRequest> without;
    private final AtomicInteger reads = new AtomicInteger();

    private Forgotten(IntPredicate which, UnaryOperator<GetObjectRequest> without) {
        this.which = which;
        this.without = without;
    }

    /** @param which is asked with the number of the read, from 0 */
    static Forgotten ranges(IntPredicate which) {
        return new Forgotten(which, request -> request.toBuilder().range(null).build());
    }

    static Forgotten conditions() {
        return new Forgotten(
                read -> true, request -> request.toBuilder().ifMatch(null).build());
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return context.request() instanceof GetObjectRequest read
                        && read.key().contains("/caches/")
                        && which.test(reads.getAndIncrement())
                ? without.apply(read)
                : context.request();
    }
}
