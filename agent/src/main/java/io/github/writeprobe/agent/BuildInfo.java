package io.github.writeprobe.agent;

import io.github.writeprobe.metrics.BuildMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// Which build of writeprobe this is.
///
/// @param revision of the source; `unknown` where the build was not told
public record BuildInfo(String version, String revision) {
    /// Of this program.
    public static BuildInfo current() {
        Properties properties = new Properties();
        try (InputStream in =
                Objects.requireNonNull(BuildInfo.class.getResourceAsStream("build.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(
                properties.getProperty("version", "unknown"),
                properties.getProperty("revision", "unknown"));
    }

    /// As a metric has it, with the Java that runs it.
    public BuildMetrics toMetrics() {
        return new BuildMetrics(version, revision, Integer.toString(Runtime.version().feature()));
    }
}
