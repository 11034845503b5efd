// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners of this process, and what is known of those of others. */
class OwnerTests {

    @TempDir
    Path owners;

    private Liveness liveness;

    @BeforeEach
    void create() {
        liveness = new Liveness(owners);
    }

    /** A process that never was: nobody holds its file. */
    private String dead(String random) throws IOException {
        String name = "1-1-" + random;
        Files.createFile(owners.resolve(name));
        return name;
    }

    @Test
    void aLivingOwnerHasAFileAndNothingElse() throws IOException {
        try (Owner owner = Owner.start(owners)) {
            assertThat(owners).isDirectoryContaining(file -> file.endsWith(owner.name()));
            assertThat(owners.toFile().list()).hasSize(1);
            assertThat(owner.isInPlace()).isTrue();
        }
        assertThat(owners).isEmptyDirectory();
    }

    @Test
    void anOwnerOfThisProcessIsAliveAndNeverReaped() throws IOException {
        try (Owner owner = Owner.start(owners)) {
            assertThat(liveness.isAlive(owner.name())).isTrue();
            assertThat(liveness.hasFile(owner.name())).isTrue();
            try (Liveness.Dead dead = liveness.lockDead()) {
                assertThat(dead.names()).isEmpty();
            }
            assertThat(owner.isInPlace()).isTrue();
        }
    }

    @Test
    void anOwnerWhoseFileWasRemovedIsNotInPlace() throws IOException {
        try (Owner owner = Owner.start(owners)) {
            Files.delete(owners.resolve(owner.name()));
            assertThat(owner.isInPlace()).isFalse();
        }
    }

    @Test
    void anOwnerWhoseFileWasReplacedByACopyIsNotInPlace() throws IOException {
        try (Owner owner = Owner.start(owners)) {
            Path file = owners.resolve(owner.name());
            Files.move(file, owners.resolve("original"));
            Files.createFile(file);

            assertThat(owner.isInPlace()).isFalse();
        }
    }

    @Test
    void withoutItsFolderAnOwnerDoesNotStart() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Owner.start(owners.resolve("missing")));
        assertThat(owners).isEmptyDirectory();
    }

    @Test
    void whereTheFolderIsAFileAnOwnerDoesNotStart() throws IOException {
        Path file = Files.createFile(owners.resolve("file"));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Owner.start(file));
    }

    @Test
    void whoseLockCanBeTakenIsDead() throws IOException {
        String dead = dead("0123456789abcdef");

        assertThat(liveness.isAlive(dead)).isFalse();
        assertThat(liveness.hasFile(dead)).isTrue();
    }

    @Test
    void whoHasNoFileIsDead() throws IOException {
        assertThat(liveness.isAlive("1-1-0123456789abcdef")).isFalse();
        assertThat(liveness.hasFile("1-1-0123456789abcdef")).isFalse();
    }

    @Test
    void aNameThatIsNoneOfOursIsJudgedByItsFile() throws IOException {
        Files.createFile(owners.resolve(".DS_Store"));

        assertThat(liveness.isAlive(".DS_Store")).isFalse();
        assertThat(liveness.isAlive("missing")).isFalse();
    }

    @Test
    void theDeadStayLockedUntilTheyAreCleanedUp() throws IOException {
        String one = dead("0123456789abcdef");
        String other = dead("fedcba9876543210");
        try (Liveness.Dead dead = liveness.lockDead()) {
            assertThat(dead.names()).containsExactlyInAnyOrder(one, other);
            // another sweep of this process finds nobody, and an evict knows that they are dead
            try (Liveness.Dead second = new Liveness(owners).lockDead()) {
                assertThat(second.names()).isEmpty();
            }
            assertThat(liveness.isAlive(one)).isFalse();

            dead.forget(one);
            dead.forget(one);
        }

        assertThat(owners.resolve(one)).doesNotExist();
        assertThat(owners.resolve(other)).exists();
        try (Liveness.Dead again = liveness.lockDead()) {
            assertThat(again.names()).containsExactly(other);
        }
    }

    @Test
    void anotherManagerOfThisProcessKnowsThatTheReapedAreDead() throws IOException {
        String name = dead("0123456789abcdef");
        try (Liveness.Dead dead = liveness.lockDead()) {
            assertThat(dead.names()).containsExactly(name);
            assertThat(new Liveness(owners).isAlive(name)).isFalse();
        }
    }

    @Test
    void whomAnotherCopyOfThisCodeHasLockedIsDeadAndItsToCleanUpAfter() throws IOException {
        String name = dead("0123456789abcdef");
        try (FileChannel copy = FileChannel.open(owners.resolve(name), StandardOpenOption.WRITE);
                FileLock lock = copy.lock()) {
            assertThat(liveness.isAlive(name)).isFalse();
            try (Liveness.Dead dead = liveness.lockDead()) {
                assertThat(dead.names()).isEmpty();
            }
            assertThat(lock.isValid()).isTrue();
        }
    }

    @Test
    void aFileThatNeverBecameVisibleIsRemoved() throws IOException {
        Path hidden = Files.createFile(owners.resolve(Owner.NEW + "1-1-0123456789abcdef"));

        try (Liveness.Dead dead = liveness.lockDead()) {
            assertThat(dead.names()).isEmpty();
        }

        assertThat(hidden).doesNotExist();
    }

    @Test
    void aFileOfThisProcessThatIsNotYetVisibleIsLeftAlone() throws IOException {
        OwnerName starting = OwnerName.fresh();
        Path hidden = Files.createFile(owners.resolve(Owner.NEW + starting));

        try (Liveness.Dead dead = liveness.lockDead()) {
            assertThat(dead.names()).isEmpty();
        }

        assertThat(hidden).exists();
    }

    @Test
    void atMostSoManyAreReapedAtOnce() throws IOException {
        for (int i = 0; i < 300; i++) {
            dead(String.format("%016x", i));
        }

        try (Liveness.Dead dead = liveness.lockDead()) {
            assertThat(dead.names()).hasSize(256);
            for (String name : dead.names()) {
                dead.forget(name);
            }
        }
        try (Liveness.Dead dead = liveness.lockDead()) {
            assertThat(dead.names()).hasSize(44);
        }
    }

    @Test
    void withoutAFolderNobodyIsReaped() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> new Liveness(owners.resolve("missing")).lockDead());
    }

    @Test
    void aFolderAmongTheOwnersIsNotTakenForDead() throws IOException {
        Files.createDirectory(owners.resolve("1-1-0123456789abcdef"));

        assertThatExceptionOfType(IOException.class).isThrownBy(liveness::lockDead);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> liveness.isAlive("1-1-0123456789abcdef"));
    }
}
