package io.github.writeprobe.web;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.WebConfigFileReader;
import io.github.writeprobe.config.WebConfiguration;
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

/// The web configuration of the current files or, while these are invalid, the last valid one.
///
/// The files are checked whenever the configuration is used, and read again if one has changed. A
/// renewed certificate or a changed password takes effect with the next connection or request.
final class ReloadingWebConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingWebConfiguration.class);

    /// A missing file that the configuration names is not watched, so an invalid configuration is
    /// read again after this time.
    private static final Duration RETRY = Duration.ofSeconds(5);

    /// One version of the configuration.
    ///
    /// @param tls ready for connections; empty for plain HTTP
    record Snapshot(
            WebConfiguration configuration,
            Optional<TlsContext> tls,
            Optional<RequestRateLimiter> bucket) {
        static Snapshot of(WebConfiguration configuration) {
            return new Snapshot(
                    configuration,
                    configuration.tls().map(TlsContext::of),
                    configuration.rateLimit().map(RequestRateLimiter::new));
        }
    }

    private record FileStamp(Object modified, long size, String key) {
        static final FileStamp NONE = new FileStamp("", -1, "");
    }

    private final Optional<Path> file;
    private final ReentrantLock refreshLock = new ReentrantLock();
    private Map<Path, FileStamp> lastStamps = Map.of();
    private Set<Path> watchedFiles = Set.of();
    private List<String> mistakes = List.of();
    private long lastRead;
    private volatile Snapshot snapshot;

    /// @throws ConfigurationException if the file cannot be used
    ReloadingWebConfiguration(Optional<Path> file) throws ConfigurationException {
        this.file = requireNonNull(file);
        this.snapshot = Snapshot.of(WebConfiguration.PLAIN);
        if (file.isPresent()) {
            watchedFiles = Set.of(file.get());
            lastStamps = stamps(watchedFiles);
            apply(WebConfigFileReader.read(file.get()));
        }
    }

    private void apply(WebConfiguration configuration) {
        watchedFiles = configuration.files();
        if (!configuration.equals(snapshot.configuration())) {
            snapshot = Snapshot.of(configuration);
        }
    }

    /// The current configuration.
    Snapshot current() {
        // One thread at a time checks; the others use the current snapshot.
        if (file.isPresent() && refreshLock.tryLock()) {
            try {
                refresh(file.get());
            } finally {
                refreshLock.unlock();
            }
        }
        return snapshot;
    }

    private void refresh(Path path) {
        Map<Path, FileStamp> stamps = stamps(watchedFiles);
        boolean retry = !mistakes.isEmpty() && System.nanoTime() - lastRead > RETRY.toNanos();
        if (stamps.equals(lastStamps) && !retry) {
            return;
        }
        lastStamps = stamps;
        lastRead = System.nanoTime();
        try {
            WebConfiguration configuration = WebConfigFileReader.read(path);
            if (configuration.tls().isPresent() != snapshot.tls().isPresent()) {
                keepCurrent(List.of(path + ": switching TLS on or off requires a restart"));
                return;
            }
            apply(configuration);
            mistakes = List.of();
        } catch (ConfigurationException e) {
            keepCurrent(e.mistakes());
        }
    }

    private void keepCurrent(List<String> found) {
        if (!found.equals(mistakes)) {
            LOG.warn(
                    "reload of the web configuration failed; keeping the previous one: {}",
                    String.join("\n", found));
            mistakes = found;
        }
    }

    private static Map<Path, FileStamp> stamps(Set<Path> files) {
        Map<Path, FileStamp> stamps = new HashMap<>();
        files.forEach(f -> stamps.put(f, stamp(f)));
        return stamps;
    }

    private static FileStamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return FileStamp.NONE;
        }
    }
}
