// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Remembers every request that a client sent, each attempt of it. */
public final class CountedRequests implements ExecutionInterceptor {

    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        sent.add(context.request().getClass().getSimpleName().replace("Request", ""));
    }

    /** The operations since the last call, in the order in which they were sent. */
    public List<String> take() {
        List<String> all = List.copyOf(sent);
        sent.removeAll(all);
        return all;
    }
}
