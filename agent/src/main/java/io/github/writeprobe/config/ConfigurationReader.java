package io.github.writeprobe.config;

import io.github.writeprobe.config.Configuration.Probe;
import io.github.writeprobe.config.Configuration.Web;
import io.github.writeprobe.config.Configuration.WitnessChoice;
import io.github.writeprobe.policy.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads configuration, and finds all that is wrong with it at once.
public final class ConfigurationReader {
    private static final int MOST_AT_ONCE = 64;
    private static final Map<String, WitnessChoice> WITNESSES =
            PolicyReader.byLabel(List.of(WitnessChoice.values()), WitnessChoice::label);

    private ConfigurationReader() {}

    /// Reads a file.
    ///
    /// @throws ConfigurationException if it cannot be read, or has mistakes
    public static Configuration read(Path file) throws ConfigurationException {
        return read(Source.text(file), file.toString());
    }

    static Configuration read(byte[] bytes, String name) throws ConfigurationException {
        return read(Source.text(bytes, name), name);
    }

    /// Reads a text.
    ///
    /// @param name of the file it comes from, for messages and the names of rules
    /// @throws ConfigurationException if it has mistakes
    public static Configuration read(String text, String name) throws ConfigurationException {
        Mistakes mistakes = new Mistakes(name);
        Configuration configuration =
                Source.root(text, mistakes)
                        .flatMap(root -> optional(root, Keys.TOP))
                        .map(ConfigurationReader::configuration)
                        .orElse(Configuration.DEFAULT);
        mistakes.throwIfAny();
        return configuration;
    }

    /// A section whose keys may all be commented out.
    static Optional<Section> optional(Value value, List<String> known) {
        return value.isNothing() ? Optional.empty() : value.section(known);
    }

    private static Configuration configuration(Section top) {
        return new Configuration(
                top.at("engine")
                        .flatMap(v -> optional(v, Keys.ENGINE))
                        .flatMap(s -> s.at("hosts"))
                        .flatMap(v -> v.list(ConfigurationReader::host))
                        .orElse(List.of()),
                top.or(
                        "probe",
                        v -> optional(v, Keys.PROBE).map(ConfigurationReader::probe),
                        Probe.DEFAULT),
                top.or(
                        "policy",
                        v -> optional(v, Keys.POLICY).map(new PolicyReader()::policy),
                        Policy.DEFAULT),
                top.or(
                        "web",
                        v -> optional(v, Keys.WEB).map(ConfigurationReader::web),
                        Web.DEFAULT));
    }

    private static Optional<String> host(Value value) {
        return value.words()
                .flatMap(text ->
                        EngineHost.remedy(text)
                                .map(value::<String>refused)
                                .orElseGet(() -> Optional.of(text)));
    }

    private static Probe probe(Section probe) {
        Duration second = Duration.ofSeconds(1);
        Duration day = Duration.ofHours(24);
        Probe byDefault = Probe.DEFAULT;
        Optional<Value> image = probe.at("sidecar-image").filter(v -> !v.isNothing());
        return new Probe(
                probe.or("witness", v -> witness(v, image.isPresent()), byDefault.witness()),
                probe.or("interval", v -> v.duration(second, day), byDefault.interval()),
                probe.or("exec-interval", v -> v.duration(second, day), byDefault.execInterval()),
                probe.or(
                        "timeout",
                        v -> v.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
                        byDefault.timeout()),
                probe.or("concurrency", v -> v.integer(1, MOST_AT_ONCE), byDefault.concurrency()),
                probe.or("paths", v -> v.list(Value::path), byDefault.paths()).stream()
                        .distinct()
                        .toList(),
                probe.or("execute", Value::truth, byDefault.execute()),
                probe.or("exec-as-root", Value::truth, byDefault.execAsRoot()),
                probe.or("pod-sandboxes", Value::truth, byDefault.podSandboxes()),
                image.flatMap(Value::words));
    }

    private static Optional<WitnessChoice> witness(Value value, boolean image) {
        Optional<WitnessChoice> choice = value.oneOf(WITNESSES);
        return choice.filter(c -> c == WitnessChoice.SIDECAR).isPresent() && !image
                ? value.refused("which needs probe.sidecar-image")
                : choice;
    }

    private static Web web(Section web) {
        return new Web(
                web.or(
                        "listen-address",
                        ConfigurationReader::listenAddress,
                        Web.DEFAULT.listenAddress()));
    }

    private static Optional<String> listenAddress(Value value) {
        return value.text()
                .flatMap(text ->
                        ListenAddress.parse(text).isPresent()
                                ? Optional.of(text)
                                : value.refused(
                                        "allowed is HOST:PORT, such as 127.0.0.1:9714,"
                                                + " [::1]:9714 or :9714"));
    }
}
