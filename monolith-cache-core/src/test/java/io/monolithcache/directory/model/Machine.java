// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.WipeMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs the steps of one sequence on the real thing and on the model, and compares after every one. */
final class Machine implements AutoCloseable {

    private static final int MANAGERS = 3;
    private static final int MOST_CACHES = 12;

    /** Times of locks and of the clock, in milliseconds: few, so that they meet. */
    private static final long[] TIMES = {1, 1_000, 2_000, 2_001, 60_000};

    private record Handle(Expected.Handle expected, CacheDirectory real) {}

    private final Path root;
    private final Leftovers leftovers;
    private final SettableClock clock = new SettableClock();
    private final Expected expected = new Expected();
    private final Heard heard = new Heard();
    private final Comparison comparison;
    private final CacheManager[] managers = new CacheManager[MANAGERS];
    private final int[] numbers = new int[MANAGERS];
    private final List<Handle> handles = new ArrayList<>();
    private final List<CacheId> ids = new ArrayList<>();
    private final CacheManager observer;
    private int opened;

    Machine(Path root) {
        this.root = root;
        this.leftovers = new Leftovers(root.resolve("monolith-cache"), expected);
        // makes the folders, so that leftovers can be put into them, and everybody knows this root from the start
        try (CacheManager first = open(WipeMode.SYNCHRONOUS)) {
            same(Expected.NOT_FOUND, Answer.of(() -> first.lock(CacheId.random(clock.instant()))));
        }
        this.observer = open(WipeMode.BACKGROUND);
        this.comparison = new Comparison(root.resolve("monolith-cache"), expected, heard, clock);
        for (int slot = 0; slot < MANAGERS; slot++) {
            reopen(slot, wipe(slot));
        }
    }

    private CacheManager open(WipeMode wipe) {
        return CacheManager.builder()
                .root(root)
                .clock(clock)
                .sweepInterval(Duration.ZERO)
                .wipe(wipe)
                .listener(heard.from(opened))
                .build();
    }

    private static WipeMode wipe(int number) {
        return number % 2 == 0 ? WipeMode.BACKGROUND : WipeMode.SYNCHRONOUS;
    }

    private void reopen(int slot, WipeMode wipe) {
        numbers[slot] = ++opened;
        managers[slot] = open(wipe);
    }

    void run(List<Step> steps) throws IOException {
        for (Step step : steps) {
            run(step);
            comparison.compare(observer);
            checkHandles();
        }
        closeAll();
    }

    private void run(Step step) throws IOException {
        int slot = step.who() % MANAGERS;
        switch (step.operation()) {
            case CREATE -> create(slot, step.how());
            case CLOSE_MANAGER -> closeManager(slot, step.how());
            case SWEEP -> sweep(slot);
            case CLOCK_FORWARD -> clock.move(TIMES[step.how() % TIMES.length]);
            case CLOCK_BACK -> clock.move(-TIMES[step.how() % TIMES.length]);
            case HALF_CREATED, HALF_WIPED -> leaveHalf(step.operation() == Operation.HALF_CREATED, step.how() % 2 == 0);
            case ATTACH,
                    LOCK_BY_MANAGER,
                    TIMED_LOCK_BY_MANAGER,
                    UNLOCK_BY_MANAGER,
                    EVICT,
                    EVICT_FORCIBLY,
                    DEAD_REFERENCE -> {
                if (!ids.isEmpty()) {
                    runOnId(step, slot, ids.get(step.what() % ids.size()));
                }
            }
            default -> {
                if (!handles.isEmpty()) {
                    runOnHandle(step, handles.get(step.what() % handles.size()));
                }
            }
        }
    }

    private void create(int slot, int how) {
        if (expected.existing().size() >= MOST_CACHES) {
            return;
        }
        CacheOptions options = CacheOptions.defaults();
        boolean described = how % 2 == 0;
        if (described) {
            options = options.metadata("how", how);
        }
        long time = TIMES[how % TIMES.length];
        int lock = how % 7;
        if (lock == 0) {
            options = options.locked();
        } else if (lock == 1) {
            options = options.locked(Duration.ofMillis(time));
        }
        CacheDirectory real = managers[slot].create(options);
        ExpectedCache cache = expected.created(numbers[slot], real.id());
        if (described) {
            cache.metadata.put("how", how);
        }
        if (lock <= 1) {
            cache.lock(lock == 0 ? ExpectedCache.FOR_EVER : clock.millis() + time);
        }
        ids.add(real.id());
        handles.add(new Handle(new Expected.Handle(numbers[slot], real.id()), real));
    }

    private void runOnId(Step step, int slot, CacheId id) throws IOException {
        CacheManager manager = managers[slot];
        long time = TIMES[step.how() % TIMES.length];
        switch (step.operation()) {
            case ATTACH -> attach(slot, id, step.how());
            case LOCK_BY_MANAGER -> same(expected.lock(id, ExpectedCache.FOR_EVER), Answer.of(() -> manager.lock(id)));
            case TIMED_LOCK_BY_MANAGER ->
                same(
                        expected.lock(id, clock.millis() + time),
                        Answer.of(() -> manager.lock(id, Duration.ofMillis(time))));
            case UNLOCK_BY_MANAGER -> same(expected.unlock(id), Answer.withValue(() -> manager.unlock(id)));
            case DEAD_REFERENCE -> leftovers.reference(id, step.how() % 2 == 0);
            case EVICT -> same(expected.evict(id), Answer.of(() -> manager.evict(id)));
            case EVICT_FORCIBLY ->
                same(expected.evictForcibly(numbers[slot], id), Answer.of(() -> manager.evictForcibly(id)));
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private void attach(int slot, CacheId id, int how) {
        CacheManager manager = managers[slot];
        same(expected.attach(numbers[slot], id), Answer.of(() -> {
            CacheDirectory real = switch (how % 3) {
                case 0 -> manager.attach(id);
                case 1 -> manager.attach(place(id).toUri());
                default -> manager.attach(place(id));
            };
            assertThat(real.id()).isEqualTo(id);
            handles.add(new Handle(new Expected.Handle(numbers[slot], id), real));
        }));
    }

    private Path place(CacheId id) {
        return root.resolve("monolith-cache/caches").resolve(id.value());
    }

    private void runOnHandle(Step step, Handle handle) {
        CacheDirectory real = handle.real();
        CacheId id = handle.expected().id;
        long time = TIMES[step.how() % TIMES.length];
        String name = (step.how() % 2 == 0 ? "a" : "deeper/b") + step.how() % 3;
        switch (step.operation()) {
            case CLOSE_HANDLE -> {
                expected.close(handle.expected());
                same(Expected.OK, Answer.of(real::close));
            }
            case LOCK_BY_HANDLE ->
                through(handle, () -> expected.lock(id, ExpectedCache.FOR_EVER), Answer.of(() -> real.lock()));
            case TIMED_LOCK_BY_HANDLE ->
                through(
                        handle,
                        () -> expected.lock(id, clock.millis() + time),
                        Answer.of(() -> real.lock(Duration.ofMillis(time))));
            case UNLOCK_BY_HANDLE ->
                through(
                        handle,
                        () -> expected.unlock(id).equals(Expected.OK + " false") ? Expected.OK : "wiped while held",
                        Answer.of(() -> real.unlock()));
            case PUT_METADATA ->
                change(
                        handle,
                        cache -> cache.metadata.put(name, step.how()),
                        Answer.of(() -> real.putMetadata(name, step.how())));
            case REMOVE_METADATA ->
                change(handle, cache -> cache.metadata.remove(name), Answer.of(() -> real.removeMetadata(name)));
            case WRITE_FILE ->
                change(
                        handle,
                        cache -> cache.files.put(name, "content " + step.how()),
                        Answer.of(() -> write(real, name, "content " + step.how())));
            case DELETE_FILE -> change(handle, cache -> cache.files.remove(name), Answer.of(() -> real.delete(name)));
            case READ_BY_HANDLE ->
                through(
                        handle,
                        () -> Expected.OK + " "
                                + expected.cache(id).lockEnd(clock.millis()).isPresent(),
                        Answer.withValue(real::isLocked));
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private static void write(CacheDirectory cache, String name, String content) throws IOException {
        try (OutputStream file = cache.resource(name).getOutputStream()) {
            file.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private interface Alteration {
        void of(ExpectedCache cache);
    }

    private void change(Handle handle, Alteration alteration, String real) {
        through(
                handle,
                () -> {
                    alteration.of(expected.cache(handle.expected().id));
                    return Expected.OK;
                },
                real);
    }

    private void through(Handle handle, Supplier<String> operation, String real) {
        same(expected.through(handle.expected(), operation), real);
    }

    private void sweep(int slot) {
        same(expected.sweep(numbers[slot], clock.millis()), Answer.withValue(() -> report(managers[slot].sweep())));
    }

    private static String report(SweepReport report) {
        assertThat(report.skipped()).isNull();
        return Expected.report(report.deadOwners(), report.references(), report.locks(), report.directories())
                .substring(Expected.OK.length() + 1);
    }

    private void leaveHalf(boolean created, boolean withFile) throws IOException {
        CacheId id = CacheId.random(clock.instant());
        ids.add(id);
        if (created) {
            leftovers.halfCreated(id, withFile);
        } else {
            leftovers.halfWiped(id);
        }
    }

    private void closeManager(int slot, int how) {
        expected.closeManager(numbers[slot]);
        managers[slot].close();
        CacheManager closed = managers[slot];
        assertThat(Answer.of(() -> closed.create())).isEqualTo(Expected.CLOSED);
        reopen(slot, wipe(how));
    }

    /** Everybody goes, then a fresh owner sweeps once: nothing is left but what is locked. */
    private void closeAll() throws IOException {
        for (int slot = 0; slot < MANAGERS; slot++) {
            expected.closeManager(numbers[slot]);
            managers[slot].close();
        }
        reopen(0, WipeMode.SYNCHRONOUS);
        sweep(0);
        comparison.compare(observer);
        managers[0].close();
        observer.close();
        comparison.compareLeftovers();
    }

    private void checkHandles() {
        for (Handle handle : handles) {
            if (expected.isUsable(handle.expected())) {
                assertThat(handle.real().path())
                        .as("held by %s", handle.expected().manager)
                        .isDirectory();
                assertThat(handle.real().metadata())
                        .containsAllEntriesOf(expected.cache(handle.expected().id).metadata);
            }
        }
    }

    private static void same(String expected, String real) {
        assertThat(real).isEqualTo(expected);
    }

    /** For a sequence that failed in the middle. */
    @Override
    public void close() {
        for (CacheManager manager : managers) {
            manager.close();
        }
        observer.close();
    }
}
