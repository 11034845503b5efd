// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UninterruptiblyTests {

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void whatIsNotInterruptedIsDoneOnce() throws IOException {
        assertThat(Uninterruptibly.run(() -> "done")).isEqualTo("done");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whatIsInterruptedIsDoneAgainAndTheThreadStaysInterrupted() throws IOException {
        Queue<IOException> interrupts =
                new ArrayDeque<>(List.of(new ClosedByInterruptException(), new FileLockInterruptionException()));

        String result = Uninterruptibly.run(() -> {
            IOException interrupt = interrupts.poll();
            if (interrupt != null) {
                Thread.currentThread().interrupt();
                throw interrupt;
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aThreadThatIsInterruptedAlreadyStaysSo() throws IOException {
        Thread.currentThread().interrupt();

        assertThat(Uninterruptibly.run(() -> Thread.currentThread().isInterrupted()))
                .isFalse();

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void whatFailsOtherwiseFails() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Uninterruptibly.run(() -> {
                    throw new IOException("no");
                }))
                .withMessage("no");
    }
}
