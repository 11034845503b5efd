// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the silence of a manager excuses. In each history its lease is renewed at 0 and lapses after one second, it is
 * renewed again at 5 s, and does not lapse after that.
 */
class JudgeTests {

    private static final String OTHER = "other";

    @TempDir
    Path folder;

    private final StringBuilder journal = new StringBuilder();

    private void line(double second, String rest) {
        journal.append((long) (second * 1e9)).append(" 1 ").append(rest).append('\n');
    }

    private void did(double begin, double end, String operation, String id, String detail) {
        line(begin, "WILL " + operation + " m " + id + " ");
        line(end, "DID " + operation + " m " + id + " " + detail);
    }

    private void failed(double begin, double end, String operation, String id) {
        line(begin, "WILL " + operation + " m " + id + " ");
        line(end, "ERROR " + operation + " m " + id + " java.nio.file.NoSuchFileException");
    }

    private void renewed(double begin, double end) {
        line(end, "RENEWED - m - " + (long) (begin * 1e9) + " beat");
    }

    private void isSilentFromOneToFive() {
        renewed(0, 0.01);
        renewed(4.99, 5);
        for (double second = 5.5; second < 20; second += 0.5) {
            renewed(second, second + 0.01);
        }
    }

    private List<String> violations() throws Exception {
        Path file = Files.writeString(folder.resolve("journal"), journal);
        History history = new History(new RedisSetup(0, "judge"));
        history.add(0, file, Long.MAX_VALUE, (long) 30e9);
        return new Judge(history).violations();
    }

    private void assertViolation(String text) throws Exception {
        assertThat(violations()).singleElement().asString().contains(text);
    }

    @Test
    void anErrorWhileItWasSilentIsExcused() throws Exception {
        isSilentFromOneToFive();
        did(0.1, 0.2, "create", "a", "h1 unlocked");
        failed(3, 3.1, "write", "a");
        failed(0.5, 3.2, "create", "-");

        assertThat(violations()).isEmpty();
    }

    @Test
    void anErrorBeforeItIsToldOfItsLossIsExcused() throws Exception {
        isSilentFromOneToFive();
        did(0.1, 0.2, "create", "a", "h1 unlocked");
        failed(5.1, 5.2, "write", "a");
        line(5.3, "LOST - m a ");

        assertThat(violations()).isEmpty();
    }

    @Test
    void anErrorAfterItsNextRenewalIsNot() throws Exception {
        isSilentFromOneToFive();
        did(0.1, 0.2, "create", "a", "h1 unlocked");
        failed(6, 6.1, "write", "a");

        assertViolation("ERROR write");
    }

    @Test
    void anErrorOfACreateThatBeganAfterwardsIsNot() throws Exception {
        isSilentFromOneToFive();
        failed(6, 6.1, "create", "-");

        assertViolation("ERROR create");
    }

    @Test
    void anErrorOnACacheThatItHeldAndLostIsNotExcusedOnAnotherOne() throws Exception {
        isSilentFromOneToFive();
        did(0.1, 0.2, "create", "a", "h1 unlocked");
        did(0.3, 0.4, "create", OTHER, "h2 unlocked");
        line(5.3, "LOST - m a ");
        failed(5.1, 5.2, "write", OTHER);

        assertViolation("ERROR write m " + OTHER);
    }

    @Test
    void theLossOfWhatItHeldIsExcused() throws Exception {
        isSilentFromOneToFive();
        did(0.1, 0.2, "create", "a", "h1 unlocked");
        line(5.3, "LOST - m a ");

        assertThat(violations()).isEmpty();
    }

    @Test
    void theLossOfWhatItCameToHoldAfterwardsIsNot() throws Exception {
        isSilentFromOneToFive();
        did(5.1, 5.2, "attach", "a", "h1");
        line(6, "LOST - m a ");

        assertViolation("LOST");
    }

    @Test
    void theLossOfWhatItNeverHadIsNot() throws Exception {
        isSilentFromOneToFive();
        line(6, "LOST - m a ");

        assertViolation("LOST");
    }

    /** A lock by id may have left a reference. */
    @Test
    void theLossOfWhatItMayHaveHeldSinceAFailureIsExcused() throws Exception {
        isSilentFromOneToFive();
        line(0.3, "WILL lock m a ");
        line(0.4, "FAILED lock m a CacheBackendException");
        line(5.3, "LOST - m a ");

        assertThat(violations()).isEmpty();
    }
}
