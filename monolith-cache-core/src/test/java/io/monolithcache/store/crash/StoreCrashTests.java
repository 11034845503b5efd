// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.directory.fault.MountNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Four processes work on one store and are killed at random: nothing is lost, nothing is torn, no limit is passed. */
class StoreCrashTests {

    private static final int KILLS_OF_A_ROUND = 25;

    @TempDir
    Path folder;

    @Test
    @Tag("long")
    void killsBreakNoPromise() throws Exception {
        run(Integer.getInteger("monolith.storecrash.kills", 200));
    }

    @Test
    @Tag("soak")
    void thousandsOfKillsBreakNoPromise() throws Exception {
        run(Integer.getInteger("monolith.storecrash.kills", 5_000));
    }

    private void run(int kills) throws Exception {
        long seed = Long.getLong("monolith.storecrash.seed", System.nanoTime());
        System.out.println("-Dmonolith.storecrash.seed=" + seed + " -Dmonolith.storecrash.kills=" + kills);
        Random seeds = new Random(seed);
        int done = 0;
        for (int round = 0; done < kills; round++) {
            int now = Math.min(KILLS_OF_A_ROUND, kills - done);
            Path place = folder.resolve("round-" + round);
            String[] arguments = {
                place.toString(), "", Long.toString(seeds.nextLong()), Integer.toString(now), "round " + round
            };
            if (round % 2 == 0) {
                arguments[1] = place.resolve("store").toString();
                main(arguments);
            } else {
                Path disk = Files.createDirectory(folder.resolve("disk-" + round));
                arguments[1] = disk.toString();
                System.out.println(MountNamespace.after("mount -t tmpfs -o size=32m tmpfs \"$1\"", disk)
                        .run(StoreCrashTests.class, (Object[]) arguments)
                        .strip());
            }
            FileSystemUtils.deleteRecursively(place);
            done += now;
        }
    }

    /**
     * A round of its own.
     *
     * @param arguments a folder, the store, the seed, how many kills, the number of the round; the store is limited if
     *     it does not lie in the folder, but on a disk that nobody else uses
     */
    public static void main(String[] arguments) throws Exception {
        Path place = Path.of(arguments[0]);
        Path root = Path.of(arguments[1]);
        try (CrashRound round = new CrashRound(place, root, Long.parseLong(arguments[2]), !root.startsWith(place))) {
            round.run(Integer.parseInt(arguments[3]));
            round.check(arguments[4] + ", seed " + arguments[2]);
            System.out.println(arguments[4] + ": " + round);
        }
    }
}
