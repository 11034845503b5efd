// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening, nesting, holding and ending of scopes. */
class CacheScopesTests extends ScopesOfOneManager {

    @Test
    void aScopeThatNobodyUsesCostsNoFile() {
        scopes.run(() -> {});
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aScopeHasOneDirectory() {
        scopes.run(() -> assertThat(here()).isDirectory().isEqualTo(here()));
    }

    @Test
    void theDirectoryIsGoneWhenTheTaskReturns() throws Exception {
        Path path = scopes.call(() -> Files.writeString(here().resolve("note"), "text"));
        assertThat(path).doesNotExist();
        assertThat(path.getParent()).doesNotExist();
    }

    @Test
    void theDirectoryIsGoneWhenTheTaskThrows() {
        List<Path> seen = new ArrayList<>();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> scopes.call(() -> {
                    seen.add(here());
                    throw new IOException("the task's");
                }))
                .withMessage("the task's");
        assertThat(seen).singleElement().satisfies(path -> assertThat(path).doesNotExist());
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void aTaskMayReturnNothing() throws Exception {
        assertThat(scopes.<Object>call(() -> null)).isNull();
    }

    @Test
    void withNoneOpenTheMessageSaysHowToOpenOne() {
        CacheDirectory directory = scopes.directory();
        assertThatIllegalStateException()
                .isThrownBy(directory::path)
                .withMessageContaining("No cache scope is open")
                .withMessageContaining("@InCacheScope")
                .withMessageContaining("CacheScopes.run(..)");
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void nestedScopesHaveDirectoriesOfTheirOwn() {
        scopes.run(() -> {
            Path outer = here();
            List<Path> inner = new ArrayList<>();
            scopes.run(() -> inner.add(here()));
            assertThat(inner.get(0)).isNotEqualTo(outer).doesNotExist();
            assertThat(here()).isEqualTo(outer).isDirectory();
        });
    }

    @Test
    void scopesOfTwoManagersNestAndEachFindsItsOwn(@TempDir Path elsewhere) {
        try (CacheManager second = CacheManager.builder().root(elsewhere).build()) {
            CacheScopes others = new CacheScopes(second);
            scopes.run(() -> {
                Path outer = here();
                others.run(() -> {
                    assertThat(here()).isEqualTo(outer);
                    assertThat(others.directory().path()).startsWith(elsewhere);
                    scopes.run(() -> {
                        assertThat(here()).isNotEqualTo(outer);
                        assertThat(others.isOpen()).isTrue();
                    });
                    assertThat(scopes.wrap(() -> others.directory().path()))
                            .satisfies(task -> assertThat(task.call())
                                    .isEqualTo(others.directory().path()));
                });
                assertThat(others.isOpen()).isFalse();
            });
        }
    }

    @Test
    void aScopeThatIsOpenedInAnotherDoesNotKeepItInMemory() {
        scopes.run(() -> scopes.run(() -> assertThat(VisibleScopes.top().outer).isNull()));
    }

    @Test
    void closingTheDirectoryThatIsLentDoesNothing() {
        scopes.run(() -> {
            try (CacheDirectory directory = scopes.directory()) {
                assertThat(directory.path()).isDirectory();
            }
            assertThat(here()).isDirectory();
        });
    }

    @Test
    void printingTheDirectoryMakesNone() {
        scopes.run(() -> assertThat(scopes.directory()).hasToString("the directory of the innermost cache scope"));
        try (OpenScope scope = scopes.begin()) {
            assertThat(scope.directory()).hasToString("the directory of a cache scope");
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void theDirectoryThatIsLentWorksAsAnyOther() {
        scopes.run(() -> {
            CacheDirectory directory = scopes.directory();
            assertThat(directory.location()).isEqualTo(here().toUri());
            assertThat(directory.id().value()).isEqualTo(here().getFileName().toString());
            directory.upload(write("text"), "file");
            assertThat(directory.exists("file")).isTrue();
            assertThat(directory.resources()).containsExactly("file");
            assertThat(directory.download("file")).hasContent("text");
            assertThat(directory.resource("file").exists()).isTrue();
            directory.delete("file");
            assertThat(directory.exists("file")).isFalse();
            directory.putMetadata("key", "value");
            assertThat(directory.metadata()).containsEntry("key", "value");
            directory.removeMetadata("key");
            assertThat(directory.metadata()).doesNotContainKey("key");
            directory.lock(Duration.ofHours(1));
            directory.lock();
            assertThat(directory.isLocked()).isTrue();
            directory.unlock();
            assertThat(directory.isLocked()).isFalse();
        });
    }

    private Path write(String text) {
        try {
            return Files.writeString(root.resolve("input"), text);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void anOpenScopeIsSeenByItsThreadUntilItIsClosed() {
        OpenScope scope = scopes.open();
        Path path = here();
        assertThat(scope.directory().path()).isEqualTo(path);
        assertThat(scope.isOpen()).isTrue();
        scope.close();
        scope.close();
        assertThat(path).doesNotExist();
        assertThat(scopes.isOpen()).isFalse();
        assertThat(scope.isOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(scope.directory()::path).withMessageContaining("has ended");
    }

    @Test
    void scopesAreLeftInAnyOrder() {
        OpenScope first = scopes.open();
        OpenScope second = scopes.open();
        Path path = here();
        first.close();
        assertThat(here()).isEqualTo(path).isDirectory();
        second.close();
        assertThat(scopes.isOpen()).isFalse();
        assertThat(VisibleScopes.top()).isNull();
    }

    @Test
    void aScopeMayBeClosedOnAnotherThread() throws Exception {
        try (OpenScope outer = scopes.open()) {
            Path path = here();
            OpenScope scope = scopes.open();
            Path inner = here();
            others.submit(scope::close).get();
            assertThat(inner).doesNotExist();
            assertThat(here()).isEqualTo(path);
        }
    }

    @Test
    void nobodySeesAScopeThatHasOnlyBegun() {
        try (OpenScope scope = scopes.begin()) {
            assertThat(scopes.isOpen()).isFalse();
            try (OpenScope.Visible visible = scope.enter()) {
                assertThat(here()).isEqualTo(scope.directory().path());
            }
            assertThat(scopes.isOpen()).isFalse();
        }
        assertThat(directories()).isZero();
    }

    @Test
    void enteringDoesNotHold() {
        OpenScope scope = scopes.begin();
        try (OpenScope.Visible visible = scope.enter()) {
            Path path = here();
            scope.close();
            assertThat(path).doesNotExist();
        }
    }

    @Test
    void aScopeMayBeLeftOnAnotherThread() throws Exception {
        try (OpenScope scope = scopes.begin();
                OpenScope.Visible visible = scope.enter()) {
            assertThat(scopes.isOpen()).isTrue();
            others.submit(visible::close).get();
            assertThat(scopes.isOpen()).isFalse();
            visible.close();
            assertThat(scope.isOpen()).isTrue();
        }
    }

    @Test
    void aHoldKeepsTheScopeOpen() {
        OpenScope scope = scopes.begin();
        Path path = scope.directory().path();
        OpenScope held = scope.hold();
        scope.close();
        assertThat(path).isDirectory();
        held.close();
        assertThat(path).doesNotExist();
        assertThatIllegalStateException().isThrownBy(held::hold).withMessageContaining("has ended");
    }

    @Test
    void aWrappedTaskSeesAndHoldsTheScope() throws Exception {
        List<Path> seen = new ArrayList<>();
        List<Runnable> task = new ArrayList<>();
        scopes.run(() -> {
            seen.add(here());
            task.add(scopes.wrap(() -> {
                assertThat(here()).isDirectory();
                seen.add(here());
            }));
        });
        assertThat(seen.get(0)).isDirectory();
        others.submit(task.get(0)).get();
        assertThat(seen).hasSize(2).containsOnly(seen.get(0));
        assertThat(seen.get(0)).doesNotExist();
    }

    @Test
    void aWrappedTaskThatFailsLetsGo() throws Exception {
        Callable<Path> task = scopes.call(() -> {
            Path path = here();
            return scopes.wrap(() -> {
                throw new IOException(path.toString());
            });
        });
        assertThat(directories()).isOne();
        assertThatExceptionOfType(IOException.class).isThrownBy(task::call);
        assertThat(directories()).isZero();
    }

    @Test
    void aWrappedTaskThatRunsAgainIsToldThatTheScopeHasEnded() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        Callable<Path> task = scopes.call(() -> scopes.wrap(() -> {
            ran.incrementAndGet();
            return here();
        }));
        task.call();
        assertThatIllegalStateException().isThrownBy(task::call).withMessageContaining("has ended");
        assertThat(ran).hasValue(2);
    }

    @Test
    void withoutAScopeATaskStaysAsItIs() {
        Runnable task = () -> {};
        Callable<String> question = () -> "answer";
        assertThat(scopes.wrap(task)).isSameAs(task);
        assertThat(scopes.wrap(question)).isSameAs(question);
    }

    @Test
    void aTaskCannotHoldAScopeThatHasEnded() {
        OpenScope scope = scopes.begin();
        try (OpenScope.Visible visible = scope.enter()) {
            scope.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> scopes.wrap(() -> {}))
                    .withMessageContaining("has ended");
        }
    }

    @Test
    void aWrappedTaskThatIsDroppedLetsGo() {
        scopes.run(() -> {
            here();
            wrapAndDrop();
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return directories() == 0;
        });
    }

    /** A method of its own, so that no variable keeps the task reachable. */
    private void wrapAndDrop() {
        scopes.wrap(() -> {});
    }

    @Test
    void aTaskMayBeRunAsWhatItIsNot() throws Exception {
        Callable<String> task = scopes.call(() -> scopes.wrap((Callable<String>) () -> {
            throw new IOException("checked");
        }));
        assertThatIllegalStateException().isThrownBy(((Runnable) task)::run).withCauseInstanceOf(IOException.class);
    }

    @Test
    void whatTheManagerHoldsForAScopeGoesWithTheManager() {
        try (OpenScope scope = scopes.open()) {
            Path path = here();
            manager.close();
            assertThat(path).doesNotExist();
        }
    }
}
