package io.github.writeprobe.agent;

import io.github.writeprobe.metrics.BuildInfoLabels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// Which build of writeprobe this is.
///
/// @param revision of the source; `unknown` if the build did not set it
public record BuildInfo(String version, String revision) {
    /// The build of the running program.
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

    /// The values of the metric `writeprobe_build_info`, with the running Java version.
    public BuildInfoLabels toMetrics() {
        return new BuildInfoLabels(
                version, revision, Integer.toString(Runtime.version().feature()));
    }
}
