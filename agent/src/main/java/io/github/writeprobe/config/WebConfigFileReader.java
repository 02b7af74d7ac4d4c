package io.github.writeprobe.config;

import io.github.writeprobe.config.WebConfiguration.RateLimit;
import io.github.writeprobe.config.WebConfiguration.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a web configuration file, which has the format of Prometheus' exporter-toolkit. Reports
/// all mistakes of the file, and of the certificates and keys that it names, at once.
public final class WebConfigFileReader {
    /// @see <a href="https://man.openbsd.org/crypt.3">crypt(3)</a>
    private static final Pattern BCRYPT =
            Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");

    private static final int MIN_COST = 4;

    /// Each step doubles the time of a check. With this cost, it takes seconds.
    private static final int MAX_COST = 18;

    private static final int MAX_BURST = 1_000_000;
    private static final Pattern FIELD_VALUE = Pattern.compile("[\\x20-\\x7E]*");

    private final TlsServerConfigReader tls;

    private WebConfigFileReader(Path directory) {
        this.tls = new TlsServerConfigReader(directory);
    }

    /// Reads a file, and those that it names.
    ///
    /// @throws ConfigurationException if one of them cannot be read, or has mistakes
    public static WebConfiguration read(Path file) throws ConfigurationException {
        return read(YamlFileReader.readText(file), file.toString(), file);
    }

    /// @param name name of the file, for messages
    /// @param file the file that relative paths start from
    static WebConfiguration read(String text, String name, Path file)
            throws ConfigurationException {
        Mistakes mistakes = new Mistakes(name);
        WebConfigFileReader reader =
                new WebConfigFileReader(file.resolveSibling("").toAbsolutePath());
        Optional<Section> top =
                YamlFileReader.parse(text, mistakes)
                        .flatMap(root ->
                                ConfigurationReader.optionalSection(root, WebConfigFileKeys.TOP));
        WebConfiguration configuration = reader.configuration(top, Set.of(file.toAbsolutePath()));
        mistakes.throwIfAny();
        return configuration;
    }

    private WebConfiguration configuration(Optional<Section> top, Set<Path> ownFiles) {
        Optional<Tls> tlsSettings =
                section(top, "tls_server_config", WebConfigFileKeys.TLS).flatMap(tls::tls);
        Optional<Section> http = section(top, "http_server_config", WebConfigFileKeys.HTTP);
        http.flatMap(h -> h.find("http2")).ifPresent(ConfigurationValue::bool);
        Map<String, String> headers =
                section(
                                http,
                                "headers",
                                new TreeSet<>(WebConfigFileKeys.HEADERS.keySet()).stream().toList())
                        .map(WebConfigFileReader::headers)
                        .orElse(Map.of());
        Map<String, String> users =
                top.flatMap(t -> t.find("basic_auth_users"))
                        .filter(v -> !v.isNull())
                        .flatMap(v -> v.section(List.of("NAME"), name -> true))
                        .map(WebConfigFileReader::users)
                        .orElse(Map.of());
        Optional<RateLimit> limit =
                section(top, "rate_limit", WebConfigFileKeys.RATE_LIMIT)
                        .flatMap(WebConfigFileReader::rateLimit);
        Set<Path> files = new LinkedHashSet<>(ownFiles);
        files.addAll(tls.files());
        return new WebConfiguration(tlsSettings, headers, users, limit, files);
    }

    private static Optional<Section> section(
            Optional<Section> parent, String key, List<String> known) {
        return parent.flatMap(p -> p.find(key))
                .flatMap(v -> ConfigurationReader.optionalSection(v, known));
    }

    private static Map<String, String> headers(Section section) {
        Map<String, String> headers = new LinkedHashMap<>();
        section.values()
                .forEach((name, value) ->
                        value.scalarText()
                                .flatMap(text -> header(name, text, value))
                                .filter(text -> !text.isBlank())
                                .ifPresent(text -> headers.put(name, text)));
        return headers;
    }

    private static Optional<String> header(String name, String text, ConfigurationValue value) {
        List<String> allowed = WebConfigFileKeys.HEADERS.getOrDefault(name, List.of());
        if (!allowed.isEmpty() && !text.isBlank() && !allowed.contains(text)) {
            return value.reject(
                    allowed.size() == 1
                            ? "expected " + allowed.getFirst()
                            : "expected " + QuotedText.list(allowed));
        }
        return FIELD_VALUE.matcher(text).matches()
                ? Optional.of(text)
                : value.reject("expected one line of ASCII");
    }

    private static Map<String, String> users(Section section) {
        Map<String, String> users = new LinkedHashMap<>();
        section.values()
                .forEach((name, value) -> {
                    if (name.contains(":")) {
                        value.rejectWithoutValue(
                                "a user name cannot contain a colon; choose another name");
                    }
                    hash(value).ifPresent(hash -> users.put(name, hash));
                });
        return users;
    }

    /// The value may be a password that should have been hashed, so messages do not show it.
    private static Optional<String> hash(ConfigurationValue value) {
        Optional<Matcher> bcrypt =
                value.isText()
                        ? value.text().map(BCRYPT::matcher).filter(Matcher::matches)
                        : Optional.empty();
        if (bcrypt.isEmpty()) {
            return value.rejectWithoutValue(
                    "not a bcrypt hash; htpasswd -nBC 10 NAME prints NAME:HASH; use HASH");
        }
        int cost = Integer.parseInt(bcrypt.get().group(1));
        return MIN_COST <= cost && cost <= MAX_COST
                ? Optional.of(bcrypt.get().group())
                : value.rejectWithoutValue(
                        "a bcrypt hash with cost "
                                + cost
                                + ", expected a cost from "
                                + MIN_COST
                                + " to "
                                + MAX_COST
                                + "; 10 is usual");
    }

    private static Optional<RateLimit> rateLimit(Section section) {
        Optional<Duration> interval =
                section.find("interval")
                        .filter(v -> !v.isZero() && !v.hasText("0s"))
                        .flatMap(v -> v.duration(Duration.ofMillis(1), Duration.ofHours(1)));
        Optional<Integer> burst =
                interval.isEmpty()
                        ? section.find("burst").flatMap(v -> v.integer(0, MAX_BURST))
                        : section.required(
                                "burst",
                                v -> v.integer(1, MAX_BURST),
                                "say how many requests are allowed at once; without it, none is");
        return interval.flatMap(i -> burst.map(b -> new RateLimit(i, b)));
    }
}
