// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.local.RemoteRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator may evict, and how the holders learn that he did. */
class EvictionTests extends ManagersOnOneRoot {

    private final RecordingListener listener = new RecordingListener();
    private CacheManager holder;
    private CacheManager operator;

    @BeforeEach
    void start() {
        holder = manager(settings -> settings.listener(listener));
        operator = manager();
    }

    @Test
    void whatIsHeldIsNotEvicted() {
        CacheDirectory cache = holder.create();
        cache.lock();

        assertThatExceptionOfType(CacheInUseException.class)
                .isThrownBy(() -> operator.evict(cache.id()))
                .withMessageContaining(cache.id().value())
                .withMessageContaining("process " + ProcessHandle.current().pid())
                .satisfies(refused -> assertThat(refused.owners()).hasSize(1));
        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> holder.evict(cache.id()));

        assertThat(cache.isLocked()).isTrue();
        assertThat(cache.path()).exists();
    }

    @Test
    void whatAnotherProcessHoldsIsNotEvicted() {
        CacheDirectory cache = holder.create();
        RemoteRegistry process = otherProcess();
        process.attach(cache.id());
        cache.close();

        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> operator.evict(cache.id()));

        assertThat(process.holds(cache.id())).isTrue();
        assertThat(cache(cache.id())).exists();
    }

    @Test
    void whatNobodyHoldsIsEvictedEvenIfItIsLocked() {
        CacheDirectory cache = holder.create();
        cache.lock();
        cache.close();

        operator.evict(cache.id());

        assertThat(cache(cache.id())).doesNotExist();
        assertThat(operator.find(cache.id())).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotEvicted() {
        CacheId unknown = CacheId.random(clock.instant());

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> operator.evict(unknown));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> operator.evictForcibly(unknown));
    }

    @Test
    void whatIsHeldIsEvictedByForce() {
        CacheDirectory cache = holder.create();
        cache.lock();

        operator.evictForcibly(cache.id());

        assertThat(cache(cache.id())).doesNotExist();
        assertThat(holder.find(cache.id())).isEmpty();
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> operator.evictForcibly(cache.id()));
    }

    @Test
    void theHolderLearnsOfItByItsNextOperationWhicheverThatIs() {
        Map<String, java.util.function.Function<CacheDirectory, ThrowingCallable>> operations = new LinkedHashMap<>();
        operations.put("resource", cache -> () -> cache.resource("a.txt"));
        operations.put("resources", cache -> cache::resources);
        operations.put("exists", cache -> () -> cache.exists("a.txt"));
        operations.put("delete", cache -> () -> cache.delete("a.txt"));
        operations.put("download", cache -> () -> cache.download("a.txt"));
        operations.put("upload", cache -> () -> cache.upload(root.resolve("a.txt"), "a.txt"));
        operations.put("metadata", cache -> cache::metadata);
        operations.put("putMetadata", cache -> () -> cache.putMetadata("key", 1));
        operations.put("removeMetadata", cache -> () -> cache.removeMetadata("key"));
        operations.put("lock", cache -> cache::lock);
        operations.put("unlock", cache -> cache::unlock);
        operations.put("isLocked", cache -> cache::isLocked);

        try (LogWatch log = new LogWatch()) {
            operations.forEach((name, operation) -> {
                CacheDirectory cache = holder.create();
                operator.evictForcibly(cache.id());

                assertThatExceptionOfType(CacheLostException.class)
                        .as(name)
                        .isThrownBy(operation.apply(cache))
                        .withMessageContaining(cache.id().value());

                assertThat(listener.heardOf(cache.id())).as(name).containsExactly("created", "lost");
                cache.close();
            });
            assertThat(log.warnings()).hasSize(operations.size());
        }
    }

    @Test
    void onceItKnowsTheHandleRefusesEverythingAndKeepsItsName() {
        CacheDirectory cache = holder.create();
        CacheDirectory again = holder.attach(cache.id());

        try (LogWatch log = new LogWatch()) {
            operator.evictForcibly(cache.id());
            assertThatExceptionOfType(CacheLostException.class).isThrownBy(cache::isLocked);

            assertThatExceptionOfType(CacheLostException.class).isThrownBy(cache::path);
            assertThatExceptionOfType(CacheLostException.class).isThrownBy(again::path);
            assertThat(cache.id()).isEqualTo(again.id());
            assertThat(cache.location()).isEqualTo(again.location());
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void theHolderLearnsOfItByASweep() {
        CacheDirectory cache = holder.create();
        CacheDirectory other = holder.create();

        try (LogWatch log = new LogWatch()) {
            operator.evictForcibly(cache.id());
            holder.sweep();
            holder.sweep();

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(cache.id().value());
        }

        assertThat(listener.heardOf(cache.id())).containsExactly("created", "lost");
        assertThatExceptionOfType(CacheLostException.class).isThrownBy(cache::path);
        assertThat(other.path()).exists();
    }

    @Test
    void closingALostHandleOnlyLogsIt() {
        CacheDirectory cache = holder.create();
        CacheDirectory again = holder.attach(cache.id());

        try (LogWatch log = new LogWatch()) {
            operator.evictForcibly(cache.id());
            cache.close();
            again.close();
            again.close();

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(cache.id().value(), "by force");
        }
        assertThat(listener.heardOf(cache.id())).containsExactly("created", "lost");
    }

    @Test
    void closingTheManagerOnlyLogsWhatWasLost() {
        CacheDirectory cache = holder.create();

        try (LogWatch log = new LogWatch()) {
            operator.evictForcibly(cache.id());
            holder.close();

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(cache.id().value());
        }
    }

    @Test
    void whoEvictsByForceWhatHeHoldsHimselfKnowsAtOnce() {
        CacheDirectory cache = holder.create();

        try (LogWatch log = new LogWatch()) {
            holder.evictForcibly(cache.id());
            assertThat(log.warnings()).hasSize(1);
        }

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(cache::path);
        assertThat(listener.heardOf(cache.id())).containsExactly("created", "wiped", "lost");
    }

    @Test
    void whatIsLostCannotBeAttachedAgain() {
        CacheDirectory cache = holder.create();

        try (LogWatch log = new LogWatch()) {
            operator.evictForcibly(cache.id());
            // one more handle of this process asks nobody
            CacheDirectory tooEarly = holder.attach(cache.id());
            assertThatExceptionOfType(CacheLostException.class).isThrownBy(tooEarly::isLocked);

            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> holder.attach(cache.id()));
            tooEarly.close();
            cache.close();
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> holder.attach(cache.id()));
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void whatIsWrittenToALostCacheGoesNowhere() throws IOException {
        CacheDirectory cache = holder.create();
        OutputStream out = cache.resource("a.txt").getOutputStream();
        out.write(1);

        try (LogWatch log = new LogWatch()) {
            holder.evictForcibly(cache.id());
            assertThat(log.warnings()).isNotEmpty();
        }

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(out::close);
        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void anotherProcessLearnsOfItToo() {
        RemoteRegistry process = otherProcess();
        CacheId id = CacheId.random(clock.instant());
        process.create(id, Map.of());
        // a manager knows of a root what it saw when it was built or first used
        operator.create();

        operator.evictForcibly(id);

        assertThat(process.holds(id)).isFalse();
        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> process.release(id));
    }

    @Test
    void whatADeadProcessHeldIsEvicted() {
        CacheId id = createByTheDead();

        operator.evict(id);

        assertThat(cache(id)).doesNotExist();
    }
}
