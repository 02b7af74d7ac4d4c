package io.github.writeprobe.config;

import io.github.writeprobe.config.Configuration.Metrics;
import io.github.writeprobe.config.Configuration.Probe;
import io.github.writeprobe.config.Configuration.Web;
import io.github.writeprobe.config.Configuration.WitnessChoice;
import io.github.writeprobe.metrics.PathSeriesScope;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probing.ProbeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a configuration, and reports all of its mistakes at once.
public final class ConfigurationReader {
    private static final int MAX_CONCURRENCY = 64;
    private static final Map<String, WitnessChoice> WITNESSES =
            PolicyReader.byLabel(List.of(WitnessChoice.values()), WitnessChoice::label);

    private static final Map<String, PathSeriesScope> PATH_SERIES =
            PolicyReader.byLabel(List.of(PathSeriesScope.values()), PathSeriesScope::label);

    private ConfigurationReader() {}

    /// Reads a file.
    ///
    /// @throws ConfigurationException if it cannot be read, or has mistakes
    public static Configuration read(Path file) throws ConfigurationException {
        return read(YamlFileReader.readText(file), file.toString());
    }

    static Configuration read(byte[] bytes, String name) throws ConfigurationException {
        return read(YamlFileReader.readText(bytes, name), name);
    }

    /// Reads a text.
    ///
    /// @param name name of the file, for messages and the names of rules
    /// @throws ConfigurationException if it has mistakes
    public static Configuration read(String text, String name) throws ConfigurationException {
        Mistakes mistakes = new Mistakes(name);
        Configuration configuration =
                YamlFileReader.parse(text, mistakes)
                        .flatMap(root -> optionalSection(root, ConfigurationKeys.TOP))
                        .map(ConfigurationReader::configuration)
                        .orElse(Configuration.DEFAULT);
        mistakes.throwIfAny();
        return configuration;
    }

    /// A section; empty if the value is null, as it is if all keys are commented out.
    static Optional<Section> optionalSection(ConfigurationValue value, List<String> known) {
        return value.isNull() ? Optional.empty() : value.section(known);
    }

    private static Configuration configuration(Section top) {
        return new Configuration(
                top.find("engine")
                        .flatMap(v -> optionalSection(v, ConfigurationKeys.ENGINE))
                        .flatMap(s -> s.find("hosts"))
                        .flatMap(v -> v.list(ConfigurationReader::host))
                        .orElse(List.of()),
                top.orDefault(
                        "probe",
                        v ->
                                optionalSection(v, ConfigurationKeys.PROBE)
                                        .map(ConfigurationReader::probe),
                        Probe.DEFAULT),
                top.orDefault(
                        "policy",
                        v ->
                                optionalSection(v, ConfigurationKeys.POLICY)
                                        .map(new PolicyReader()::policy),
                        Policy.DEFAULT),
                top.orDefault(
                        "metrics",
                        v ->
                                optionalSection(v, ConfigurationKeys.METRICS)
                                        .map(ConfigurationReader::metrics),
                        Metrics.DEFAULT),
                top.orDefault(
                        "web",
                        v ->
                                optionalSection(v, ConfigurationKeys.WEB)
                                        .map(ConfigurationReader::web),
                        Web.DEFAULT));
    }

    private static Optional<String> host(ConfigurationValue value) {
        return value.nonBlankText()
                .flatMap(text ->
                        EngineAddressValidator.remedy(text)
                                .map(value::<String>reject)
                                .orElseGet(() -> Optional.of(text)));
    }

    private static Probe probe(Section probe) {
        Duration second = Duration.ofSeconds(1);
        Duration day = Duration.ofHours(24);
        Probe defaults = Probe.DEFAULT;
        return new Probe(
                probe.orDefault("interval", v -> v.duration(second, day), defaults.interval()),
                probe.orDefault(
                        "exec-interval", v -> v.duration(second, day), defaults.execInterval()),
                probe.orDefault("mount-actors", ConfigurationValue::bool, defaults.mountActors()),
                probeSettings(probe, defaults.settings()));
    }

    private static ProbeSettings probeSettings(Section probe, ProbeSettings defaults) {
        Optional<ConfigurationValue> image = probe.find("sidecar-image").filter(v -> !v.isNull());
        return new ProbeSettings(
                probe.orDefault(
                                "witness",
                                v -> witness(v, image.isPresent()),
                                WitnessChoice.of(defaults.onlyWitness()))
                        .onlyWitness(),
                probe
                        .orDefault("paths", v -> v.list(ConfigurationValue::path), defaults.paths())
                        .stream()
                        .distinct()
                        .toList(),
                probe.orDefault(
                        "full-interval",
                        v -> v.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
                        defaults.fullInterval()),
                probe.orDefault(
                        "timeout",
                        v -> v.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
                        defaults.timeout()),
                probe.orDefault(
                        "concurrency", v -> v.integer(1, MAX_CONCURRENCY), defaults.concurrency()),
                probe.orDefault("execute", ConfigurationValue::bool, defaults.execute()),
                probe.orDefault("exec-as-root", ConfigurationValue::bool, defaults.execAsRoot()),
                probe.orDefault("pod-sandboxes", ConfigurationValue::bool, defaults.podSandboxes()),
                image.flatMap(ConfigurationValue::nonBlankText));
    }

    private static Optional<WitnessChoice> witness(ConfigurationValue value, boolean image) {
        Optional<WitnessChoice> choice = value.oneOf(WITNESSES);
        return choice.filter(c -> c == WitnessChoice.SIDECAR).isPresent() && !image
                ? value.reject("which requires probe.sidecar-image")
                : choice;
    }

    private static Metrics metrics(Section metrics) {
        return new Metrics(
                metrics.orDefault("paths", v -> v.oneOf(PATH_SERIES), Metrics.DEFAULT.paths()));
    }

    private static Web web(Section web) {
        return new Web(
                web.orDefault(
                        "listen-address",
                        ConfigurationReader::listenAddress,
                        Web.DEFAULT.listenAddress()));
    }

    private static Optional<String> listenAddress(ConfigurationValue value) {
        return value.text()
                .flatMap(text ->
                        ListenAddress.parse(text).isPresent()
                                ? Optional.of(text)
                                : value.reject(
                                        "expected HOST:PORT, such as 127.0.0.1:9714,"
                                                + " [::1]:9714 or :9714"));
    }
}
