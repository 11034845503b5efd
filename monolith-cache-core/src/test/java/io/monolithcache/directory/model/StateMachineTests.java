// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import static org.assertj.core.api.Assertions.fail;

import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

@Tag("long")
class StateMachineTests {

    private static final int LENGTH = 50;

    @TempDir(factory = QuickFolder.class)
    Path folder;

    private int roots;

    @Test
    void anySequenceOfOperationsAgreesWithTheModel() {
        long first = Long.getLong("monolith.model.seed", System.nanoTime());
        int count = Integer.getInteger("monolith.model.count", 200);
        for (long seed = first; seed < first + count; seed++) {
            List<Step> steps = Step.sequence(new Random(seed), LENGTH);
            Throwable failure = failure(steps);
            if (failure != null) {
                List<Step> shortest = Shrinker.shrink(steps, shorter -> failure(shorter) != null);
                Throwable shown = failure(shortest);
                fail(
                        "-Dmonolith.model.seed=" + seed + " -Dmonolith.model.count=1, shortened from " + LENGTH + " to "
                                + shortest.size() + " steps:\n"
                                + shortest.stream().map(Step::toString).collect(Collectors.joining("\n")),
                        shown == null ? failure : shown);
            }
        }
    }

    private @Nullable Throwable failure(List<Step> steps) {
        Path root = folder.resolve("root-" + roots++);
        try (Machine machine = new Machine(root)) {
            machine.run(steps);
            return null;
        } catch (Exception | AssertionError failure) {
            return failure;
        } finally {
            delete(root);
        }
    }

    private static void delete(Path root) {
        try {
            FileSystemUtils.deleteRecursively(root);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
