// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** What is logged while it is open: kept for a look, and off the console. */
public final class LogWatch implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.monolithcache");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    public LogWatch() {
        appender.start();
        logger.setAdditive(false);
        logger.addAppender(appender);
    }

    /** The messages of that level, without their stack traces. */
    public List<String> messages(Level level) {
        return events(level).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The warnings. */
    public List<String> warnings() {
        return messages(Level.WARN);
    }

    /** What was logged together with warnings. */
    public List<Throwable> causesOfWarnings() {
        return events(Level.WARN).stream()
                .map(ILoggingEvent::getThrowableProxy)
                .filter(Objects::nonNull)
                .map(proxy -> ((ThrowableProxy) proxy).getThrowable())
                .toList();
    }

    private List<ILoggingEvent> events(Level level) {
        return List.copyOf(appender.list).stream()
                .filter(event -> event.getLevel() == level)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }
}
