// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

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
    private final RedisRegistrySettings settings;
    private final RedisRegistryListener listener;

    RedisConnection(
            StatefulConnection<String, String> connection,
            RedisScriptingAsyncCommands<String, String> commands,
            RedisRegistrySettings settings,
            RedisRegistryListener listener) {
        this.connection = connection;
        this.commands = commands;
        this.settings = settings;
        this.listener = listener;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /**
     * Sends a script, and waits for its answer.
     *
     * @throws CacheRegistryException if there is none in time; the script may have run all the same
     */
    Answer run(RedisScript script, List<String> keys, Object... arguments) {
        return await(send(script, keys, arguments));
    }

    /** A script that is on its way. */
    record Sent(RedisScript script, long start, CompletableFuture<Answer> answer) {}

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
        CompletionStage<List<Object>> byDigest =
                commands.evalsha(script.digest(), ScriptOutputType.MULTI, names, values);
        CompletionStage<Answer> answer = byDigest.handle((parts, failure) -> isUnknownScript(failure)
                        // nothing was run; its text makes it known
                        ? commands.<List<Object>>eval(script.text(), ScriptOutputType.MULTI, names, values)
                        : byDigest)
                .thenCompose(sent -> sent)
                .thenApply(Answer::of);
        return new Sent(script, start, answer.toCompletableFuture());
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
            throw failed(sent, "did not answer within " + settings.timeout().toMillis() + " ms", "", late);
        } catch (ExecutionException failure) {
            close();
            Throwable cause = failure.getCause();
            String message = String.valueOf((cause == null ? failure : cause).getMessage());
            throw refusal(message, cause).orElseGet(() -> failed(sent, "failed: " + message, message, cause));
        } finally {
            listener.ran(sent.script().command(), Duration.ofNanos(System.nanoTime() - sent.start()), succeeded);
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
