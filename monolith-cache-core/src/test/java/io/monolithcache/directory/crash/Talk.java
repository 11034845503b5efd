// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running {@link Puppet}. */
final class Talk implements AutoCloseable {

    private final ChildProcess process;
    private final BufferedReader answers;
    private final Writer commands;

    /** @param setup the word of another place than the disk, if there is one */
    Talk(Path root, String... setup) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(setup));
        arguments.add(0, root.toString());
        process = ChildProcess.startTalking(Puppet.class, arguments.toArray(String[]::new));
        answers = process.answers();
        commands = process.commands();
    }

    ChildProcess process() {
        return process;
    }

    /** Tells it to do something, and returns at once. */
    void say(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits for the answer to a command. */
    String hear() {
        try {
            return answers.readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String ask(String command) {
        say(command);
        return hear();
    }

    /** Kills it, and waits until it is gone and touches the root no more. */
    @Override
    public void close() {
        process.kill();
        process.awaitEnd();
    }
}
