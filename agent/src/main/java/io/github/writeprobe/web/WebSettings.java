package io.github.writeprobe.web;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.WebConfiguration;
import io.github.writeprobe.config.WebConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The web configuration as its files say now, or, while they make no sense, as they said last.
///
/// They are looked at whenever they are needed, and read again when one has changed: a renewed
/// certificate and a changed password count from the next connection and request on.
final class WebSettings {
    private static final Logger LOG = LoggerFactory.getLogger(WebSettings.class);

    /// A file that was missing is not known to be waited for, so a bad configuration is tried anew.
    private static final Duration RETRY = Duration.ofSeconds(5);

    /// One reading.
    ///
    /// @param tls ready for connections; empty for plain HTTP
    record Reading(
            WebConfiguration configuration,
            Optional<TlsContext> tls,
            Optional<TokenBucket> bucket) {
        static Reading of(WebConfiguration configuration) {
            return new Reading(
                    configuration,
                    configuration.tls().map(TlsContext::of),
                    configuration.rateLimit().map(TokenBucket::new));
        }
    }

    private record Stamp(Object modified, long size, String key) {
        static final Stamp NONE = new Stamp("", -1, "");
    }

    private final Optional<Path> file;
    private final ReentrantLock looking = new ReentrantLock();
    private Map<Path, Stamp> seen = Map.of();
    private Set<Path> watched = Set.of();
    private List<String> mistakes = List.of();
    private long lastRead;
    private volatile Reading reading;

    /// @throws ConfigurationException if the file cannot be used
    WebSettings(Optional<Path> file) throws ConfigurationException {
        this.file = requireNonNull(file);
        this.reading = Reading.of(WebConfiguration.PLAIN);
        if (file.isPresent()) {
            watched = Set.of(file.get());
            seen = stamps(watched);
            accept(WebConfigurationReader.read(file.get()));
        }
    }

    private void accept(WebConfiguration configuration) {
        watched = configuration.files();
        if (!configuration.equals(reading.configuration())) {
            reading = Reading.of(configuration);
        }
    }

    /// What counts now.
    Reading now() {
        // One look at a time is enough; the others take what there is.
        if (file.isPresent() && looking.tryLock()) {
            try {
                look(file.get());
            } finally {
                looking.unlock();
            }
        }
        return reading;
    }

    private void look(Path path) {
        Map<Path, Stamp> stamps = stamps(watched);
        boolean retry = !mistakes.isEmpty() && System.nanoTime() - lastRead > RETRY.toNanos();
        if (stamps.equals(seen) && !retry) {
            return;
        }
        seen = stamps;
        lastRead = System.nanoTime();
        try {
            WebConfiguration configuration = WebConfigurationReader.read(path);
            if (configuration.tls().isPresent() != reading.tls().isPresent()) {
                keep(List.of(path + ": TLS is switched on and off by a restart only"));
                return;
            }
            accept(configuration);
            mistakes = List.of();
        } catch (ConfigurationException e) {
            keep(e.mistakes());
        }
    }

    private void keep(List<String> found) {
        if (!found.equals(mistakes)) {
            LOG.warn("the web configuration stays as it was: {}", String.join("\n", found));
            mistakes = found;
        }
    }

    private static Map<Path, Stamp> stamps(Set<Path> files) {
        Map<Path, Stamp> stamps = new HashMap<>();
        files.forEach(f -> stamps.put(f, stamp(f)));
        return stamps;
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return Stamp.NONE;
        }
    }
}
