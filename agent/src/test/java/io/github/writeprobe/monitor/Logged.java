package io.github.writeprobe.monitor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// Records what is logged to one logger, from INFO on, until this is closed.
final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final Logger logger;

    Logged(String name) {
        logger = (Logger) LoggerFactory.getLogger("io.github.writeprobe." + name);
        logger.setLevel(Level.INFO);
        logger.addAppender(this);
        start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        events.add(event);
    }

    /// The lines, each as `LEVEL message`.
    List<String> lines() {
        return events.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
    }

    /// The value of a key in the last line.
    Optional<Object> last(String key) {
        return Optional.ofNullable(events.getLast().getKeyValuePairs()).stream()
                .flatMap(List::stream)
                .filter(pair -> pair.key.equals(key))
                .map(pair -> pair.value)
                .findFirst();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(null);
        stop();
    }
}
