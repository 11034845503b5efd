// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.monolithcache.directory.CacheRegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection. It is never restored, so that nothing is ever sent twice: after a failure it is closed for good, and
 * what became of a command that was not answered, the next look over another connection tells.
 */
final class RedisConnection implements AutoCloseable {

    /** What a script answers with, and the number, where it cannot read what is there. */
    private static final String NEWER_FORMAT = "FORMAT ";

    /** The same where others that live have another lease. */
    private static final String OTHER_LEASE = "LEASE ";

    private final StatefulConnection<String, String> connection;
    private final RedisScriptingAsyncCommands<String, String> commands;
    private final StatefulConnection<String, String> node;
    private final RedisRegistrySettings settings;
    private final RedisRegistryListener listener;

    /** @param node the one of those that it is made of over which the scripts go; itself, outside of a cluster */
    RedisConnection(
            StatefulConnection<String, String> connection,
            RedisScriptingAsyncCommands<String, String> commands,
            StatefulConnection<String, String> node,
            RedisRegistrySettings settings,
            RedisRegistryListener listener) {
        this.connection = connection;
        this.commands = commands;
        this.node = node;
        this.settings = settings;
        this.listener = listener;
    }

    boolean isOpen() {
        return connection.isOpen() && node.isOpen();
    }

    /**
     * Sends a script, and waits for its answer.
     *
     * @throws CacheRegistryException if there is none in time; the script may have run all the same
     */
    Answer run(RedisScript script, List<String> keys, Object... arguments) {
        return await(send(script, keys, arguments));
    }

    /** A script that is on its way since then, and how long it took once it is answered. */
    record Sent(RedisScript script, long start, AtomicLong took, CompletableFuture<Answer> answer) {

        /** The same, answered only once something was done with the answer, or the failure; that must not block. */
        Sent after(BiConsumer<? super @Nullable Answer, ? super @Nullable Throwable> step) {
            return new Sent(script, start, took, answer.whenComplete(step));
        }

        Duration time() {
            long known = took.get();
            return Duration.ofNanos(known > 0 ? known : System.nanoTime() - start);
        }
    }

    /** Sends a script. {@link #await} waits for the answer. */
    Sent send(RedisScript script, List<String> keys, Object... arguments) {
        String[] names = keys.toArray(String[]::new);
        String[] values = new String[arguments.length + 2];
        values[0] = Long.toHexString(ThreadLocalRandom.current().nextLong());
        values[1] = String.valueOf(settings.lease().toMillis());
        for (int i = 0; i < arguments.length; i++) {
            values[i + 2] = String.valueOf(arguments[i]);
        }
        long start = System.nanoTime();
        AtomicLong took = new AtomicLong();
        CompletionStage<List<Object>> byDigest =
                commands.evalsha(script.digest(), ScriptOutputType.MULTI, names, values);
        CompletionStage<Answer> answer = byDigest.handle((parts, failure) -> isUnknownScript(failure)
                        // nothing was run; its text makes it known
                        ? commands.<List<Object>>eval(script.text(), ScriptOutputType.MULTI, names, values)
                        : byDigest)
                .thenCompose(sent -> sent)
                .thenApply(Answer::of)
                .whenComplete((got, failure) -> took.set(System.nanoTime() - start));
        return new Sent(script, start, took, answer.toCompletableFuture());
    }

    private static boolean isUnknownScript(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }

    /** An interrupt waits until there is an answer: it has to be known what became of the script. */
    Answer await(Sent sent) {
        long end = System.nanoTime() + settings.timeout().toNanos();
        boolean interrupted = false;
        boolean succeeded = false;
        try {
            while (true) {
                try {
                    Answer answer = sent.answer().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    succeeded = true;
                    return answer;
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException late) {
            // it may still run: only a recovery makes sure that this does nothing
            close();
            throw late(sent, late);
        } catch (ExecutionException failure) {
            close();
            Throwable cause = failure.getCause();
            if (cause instanceof RedisCommandTimeoutException) {
                throw late(sent, cause);
            }
            String message = String.valueOf((cause == null ? failure : cause).getMessage());
            throw refusal(message, cause).orElseGet(() -> failed(sent, "failed: " + message, message, cause));
        } finally {
            listener.ran(sent.script().command(), sent.time(), succeeded);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Optional<CacheRegistryException> refusal(String message, @Nullable Throwable cause) {
        if (message.startsWith(NEWER_FORMAT)) {
            return Optional.of(unreadable(message.substring(NEWER_FORMAT.length()), cause));
        }
        return message.startsWith(OTHER_LEASE)
                ? Optional.of(otherLease(message.substring(OTHER_LEASE.length()), cause))
                : Optional.empty();
    }

    private CacheRegistryException otherLease(String lease, @Nullable Throwable cause) {
        return new CacheRegistryException(
                "In the namespace '" + settings.namespace() + "' the lease is " + lease + " ms, and here "
                        + settings.lease().toMillis() + " ms: they would take each other for dead.",
                "Set monolith.cache.redis.lease to the same for all; to change it, stop all of them first.",
                cause);
    }

    private CacheRegistryException unreadable(String format, @Nullable Throwable cause) {
        return new CacheRegistryException(
                "The namespace '" + settings.namespace() + "' in Redis is kept in format " + format
                        + ", which this version of Monolith Cache does not know; nothing was changed.",
                "Use the version that the other servers use, or another monolith.cache.redis.namespace.",
                cause);
    }

    private CacheRegistryException late(Sent sent, Throwable cause) {
        return failed(sent, "did not answer within " + settings.timeout().toMillis() + " ms", "", cause);
    }

    private CacheRegistryException failed(Sent sent, String what, String said, @Nullable Throwable cause) {
        return new CacheRegistryException(
                "Redis " + what + " (" + sent.script().command() + ", namespace '" + settings.namespace()
                        + "'). Nothing was wiped.",
                Advice.on(said),
                cause);
    }

    /** Does not wait for it. */
    @Override
    public void close() {
        CompletableFuture<Void> unused = connection.closeAsync();
    }
}
