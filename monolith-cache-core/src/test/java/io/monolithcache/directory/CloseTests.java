// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.WritableResource;

/** What still works after a handle or a manager was closed. */
class CloseTests extends ManagersOnOneRoot {

    @Test
    void aClosedHandleKnowsItsIdAndLocationAndNothingElse() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheDirectory other = manager.attach(cache.id());

        cache.close();

        assertThat(cache.id()).isEqualTo(other.id());
        assertThat(cache.location()).isEqualTo(other.location());
        assertThat(cache).hasToString("cache " + other.id() + " (closed)");
        assertAllRefuse(cache);
    }

    private static void assertAllRefuse(CacheDirectory cache) {
        Map<String, ThrowingCallable> methods = new LinkedHashMap<>();
        methods.put("path", cache::path);
        methods.put("resource", () -> cache.resource("a.txt"));
        methods.put("resources", cache::resources);
        methods.put("exists", () -> cache.exists("a.txt"));
        methods.put("delete", () -> cache.delete("a.txt"));
        methods.put("download", () -> cache.download("a.txt"));
        methods.put("upload", () -> cache.upload(Path.of("/etc/hostname"), "a.txt"));
        methods.put("metadata", cache::metadata);
        methods.put("putMetadata", () -> cache.putMetadata("key", 1));
        methods.put("removeMetadata", () -> cache.removeMetadata("key"));
        methods.put("lock", cache::lock);
        methods.put("lock for a time", () -> cache.lock(Duration.ofMinutes(1)));
        methods.put("unlock", cache::unlock);
        methods.put("isLocked", cache::isLocked);
        methods.forEach((name, method) -> assertThatIllegalStateException()
                .as(name)
                .isThrownBy(method)
                .withMessageContaining(cache.id().value()));
    }

    @Test
    void closingAHandleTwiceReleasesItOnce() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheDirectory other = manager.attach(cache.id());

        cache.close();
        cache.close();

        assertThat(other.path()).exists();
    }

    @Test
    void aHandleIsClosedByTryWithResources() {
        CacheManager manager = manager();
        CacheId id;

        try (CacheDirectory cache = manager.create()) {
            id = cache.id();
            assertThat(cache).hasToString("cache " + id);
        }

        assertThat(cache(id)).doesNotExist();
    }

    @Test
    void whatIsWrittenAfterTheHandleWasClosedFails() throws IOException {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheDirectory other = manager.attach(cache.id());
        WritableResource resource = cache.resource("a.txt");
        OutputStream out = resource.getOutputStream();
        out.write(1);

        cache.close();

        assertThatIllegalStateException().isThrownBy(out::close);
        assertThatIllegalStateException().isThrownBy(resource::getInputStream);
        assertThat(other.exists("a.txt")).isFalse();
    }

    @Test
    void closingAManagerReleasesEverything() {
        CacheManager manager = manager();
        CacheDirectory one = manager.create();
        CacheDirectory again = manager.attach(one.id());
        CacheDirectory other = manager.create();

        manager.close();

        assertThat(cache(one.id())).doesNotExist();
        assertThat(cache(other.id())).doesNotExist();
        assertAllRefuse(one);
        assertAllRefuse(again);
    }

    @Test
    void closingAManagerDeletesWhatItWipedAndItsOwnTraces() {
        CacheManager manager = manager();
        manager.create();

        manager.close();

        assertThat(trash()).isEmptyDirectory();
        assertThat(base().resolve("caches")).isEmptyDirectory();
        assertThat(base().resolve(".monolith/refs")).isEmptyDirectory();
        assertThat(base().resolve(".monolith/owners")).isEmptyDirectory();
        assertThat(base().resolve(".monolith/prepared")).isEmptyDirectory();
    }

    @Test
    void closingAManagerKeepsWhatIsLocked() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        cache.lock();

        manager.close();

        assertThat(cache(cache.id())).exists();
        assertThat(manager().find(cache.id()).orElseThrow().references()).isZero();
    }

    @Test
    void closingAManagerKeepsWhatAnotherHolds() {
        CacheManager manager = manager();
        CacheManager other = manager();
        CacheDirectory cache = manager.create();
        CacheDirectory theirs = other.attach(cache.id());

        manager.close();

        assertThat(theirs.path()).exists();
    }

    @Test
    void aHandleMayBeClosedAfterItsManager() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        manager.close();

        cache.close();

        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void aManagerMayBeClosedTwiceAndUnused() {
        CacheManager manager = manager();

        manager.close();
        manager.close();

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aClosedManagerRefusesEverythingElse() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheId id = cache.id();

        manager.close();

        Map<String, ThrowingCallable> methods = new LinkedHashMap<>();
        methods.put("create", manager::create);
        methods.put("create with options", () -> manager.create(CacheOptions.defaults()));
        methods.put("attach", () -> manager.attach(id));
        methods.put("attach by location", () -> manager.attach(cache.location()));
        methods.put("attach by path", () -> manager.attach(cache(id)));
        methods.put("find", () -> manager.find(id));
        methods.put("list", manager::list);
        methods.put("list a page", () -> manager.list(null, 10));
        methods.put("usage", () -> manager.usage(id));
        methods.put("lock", () -> manager.lock(id));
        methods.put("lock for a time", () -> manager.lock(id, Duration.ofMinutes(1)));
        methods.put("unlock", () -> manager.unlock(id));
        methods.put("evict", () -> manager.evict(id));
        methods.put("evictForcibly", () -> manager.evictForcibly(id));
        methods.put("sweep", manager::sweep);
        methods.forEach((name, method) ->
                assertThatIllegalStateException().as(name).isThrownBy(method).withMessageContaining("closed"));
    }

    @Test
    void anInterruptedThreadStillReleases() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheDirectory left = manager.create();

        Thread.currentThread().interrupt();
        try {
            cache.close();
            manager.close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(cache(cache.id())).doesNotExist();
        assertThat(cache(left.id())).doesNotExist();
    }
}
