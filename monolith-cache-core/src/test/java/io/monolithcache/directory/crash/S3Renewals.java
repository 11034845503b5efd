// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Notes when each renewal that succeeded had begun. One that was not answered, or was refused, has succeeded if a
 * listing shows its link, as the owner sees it too; it counts from its first attempt then.
 */
final class S3Renewals implements ExecutionInterceptor {

    private static final ExecutionAttribute<Long> BEGIN = new ExecutionAttribute<>("beginOfTheRequest");
    private static final String OWNERS = S3Setup.PREFIX + "owners/";

    private final String name;
    private final Journal journal;

    /** When links were first sent of which nobody knows yet whether they are there. */
    private final Map<String, Long> unknown = new ConcurrentHashMap<>();

    S3Renewals(String name, Journal journal) {
        this.name = name;
        this.journal = journal;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(BEGIN, System.nanoTime());
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        // an empty one is a dead mark, or what a store is tried with
        if (context.request() instanceof PutObjectRequest put
                && put.key().startsWith(OWNERS)
                && context.requestBody()
                                .flatMap(body -> body.optionalContentLength())
                                .orElse(0L)
                        > 0) {
            unknown.putIfAbsent(put.key(), attributes.getAttribute(BEGIN));
        }
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        if (context.request() instanceof PutObjectRequest put && unknown.remove(put.key()) != null) {
            note(put.key(), attributes.getAttribute(BEGIN));
        } else if (context.response() instanceof ListObjectsV2Response list
                && list.prefix() != null
                && list.prefix().startsWith(OWNERS)) {
            list.contents().forEach(link -> {
                Long begin = link.size() > 0 ? unknown.remove(link.key()) : null;
                if (begin != null) {
                    note(link.key(), begin);
                }
            });
        }
    }

    private void note(String key, long begin) {
        String number = key.substring(key.lastIndexOf('/') + 1);
        boolean first = Long.parseLong(number) == 1;
        journal.note(Event.Phase.RENEWED, name, "-", begin + (first ? " recovery" : " beat"));
    }
}
