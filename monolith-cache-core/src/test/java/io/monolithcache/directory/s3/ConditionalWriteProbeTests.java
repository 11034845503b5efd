// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheRootException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

class ConditionalWriteProbeTests {

    private final MemoryBucket bucket = new MemoryBucket(new TestTime(), 1_000);

    @Test
    void aStoreThatWritesAtomicallyIsTriedOnceAndLeftClean() {
        TestWay way = new TestWay();
        ConditionalWriteProbe probe = new ConditionalWriteProbe(bucket.objects(way));

        probe.requireConditionalWrites();
        assertThat(way.take()).isNotEmpty();
        probe.requireConditionalWrites();

        assertThat(way.take()).isEmpty();
        assertThat(bucket.keys()).isEmpty();
    }

    @Test
    void aStoreThatIgnoresTheConditionIsRefused() {
        MemoryBucket.Way ignorant = new MemoryBucket.Way() {
            @Override
            @SuppressWarnings("unchecked") // only what is put is answered like this
            public <T> T send(String request, Supplier<T> effect) {
                try {
                    return effect.get();
                } catch (RuntimeException refused) {
                    return (T) PutObjectResponse.builder().build();
                }
            }
        };

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(() -> new ConditionalWriteProbe(bucket.objects(ignorant)).requireConditionalWrites())
                .withMessageContaining("one after the other")
                .withMessageContaining("If-None-Match")
                .withMessageContaining("monolith.cache.redis.host");
        assertThat(bucket.keys()).isEmpty();
    }

    /** Looks whether there is one, and then writes, as some stores do. */
    private static final class Racy implements MemoryBucket.Way {

        private final Set<String> settled = ConcurrentHashMap.newKeySet();

        @Override
        @SuppressWarnings("unchecked") // only what is put is answered like this
        public <T> T send(String request, Supplier<T> effect) {
            if (!request.startsWith("PUT") || settled.contains(request)) {
                return effect.get();
            }
            try {
                T answer = effect.get();
                settled.add(request);
                return answer;
            } catch (RuntimeException refused) {
                return (T) PutObjectResponse.builder().build();
            }
        }
    }

    @Test
    void aStoreThatLooksAndThenWritesIsRefused() {
        CacheRootException[] refusal = new CacheRootException[1];
        // whether two of them meet is a matter of chance, but not in this many rounds
        for (int attempt = 0; refusal[0] == null && attempt < 100; attempt++) {
            try {
                new ConditionalWriteProbe(bucket.objects(new Racy())).requireConditionalWrites();
            } catch (CacheRootException refused) {
                refusal[0] = refused;
            }
        }

        assertThat(refusal[0]).isNotNull().hasMessageContaining("at the same time");
    }

    /** The second one is the first that arrives then, and may be written. */
    @Test
    void aStoreWhoseFirstAnswerDoesNotComeIsNotRefused() {
        AtomicBoolean lost = new AtomicBoolean();
        MemoryBucket.Way losing = new MemoryBucket.Way() {
            @Override
            public <T> T send(String request, Supplier<T> effect) {
                if (request.startsWith("PUT") && lost.compareAndSet(false, true)) {
                    throw SdkClientException.create("the connection broke");
                }
                return effect.get();
            }
        };
        ConditionalWriteProbe probe = new ConditionalWriteProbe(bucket.objects(losing));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(probe::requireConditionalWrites)
                .isNotInstanceOf(CacheRootException.class);

        probe.requireConditionalWrites();
    }

    @Test
    void aStoreThatCannotBeReachedIsNotRefused() {
        TestWay way = new TestWay();
        ConditionalWriteProbe probe = new ConditionalWriteProbe(bucket.objects(way));
        way.cut(true);
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(probe::requireConditionalWrites)
                .isNotInstanceOf(CacheRootException.class);
        way.cut(false);

        probe.requireConditionalWrites();
    }
}
