package io.github.writeprobe.config;

import io.github.writeprobe.config.Pem.BadPem;
import io.github.writeprobe.config.WebConfiguration.ClientAuth;
import io.github.writeprobe.config.WebConfiguration.Clients;
import io.github.writeprobe.config.WebConfiguration.Identity;
import io.github.writeprobe.config.WebConfiguration.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads the section `tls_server_config`, and the files that it names.
final class TlsServerConfigReader {
    private static final List<String> VERSIONS = List.of("TLS12", "TLS13");
    private static final Map<String, String> PROTOCOLS =
            Map.of("TLS12", "TLSv1.2", "TLS13", "TLSv1.3");
    private static final List<String> OLD_VERSIONS = List.of("TLS10", "TLS11");
    private static final Map<String, String> CURVES = curves();
    private static final Map<String, ClientAuth> CLIENT_AUTH = clientAuth();

    /// A text in PEM, and the key that has it or names its file.
    private record PemSource(ConfigurationValue value, boolean inFile, String text) {
        <T> Optional<T> reject(String what) {
            return inFile ? value.reject("which " + what) : value.rejectWithoutValue(what);
        }
    }

    private interface Parser<T> {
        T parse(String text) throws BadPem;
    }

    private final Path directory;
    private final Set<Path> files = new LinkedHashSet<>();

    /// @param directory the directory that relative paths start from
    TlsServerConfigReader(Path directory) {
        this.directory = directory;
    }

    private static Map<String, String> curves() {
        Map<String, String> curves = new LinkedHashMap<>();
        curves.put("CurveP256", "secp256r1");
        curves.put("CurveP384", "secp384r1");
        curves.put("CurveP521", "secp521r1");
        curves.put("X25519", "x25519");
        return curves;
    }

    private static Map<String, ClientAuth> clientAuth() {
        Map<String, ClientAuth> byLabel =
                new LinkedHashMap<>(
                        PolicyReader.byLabel(List.of(ClientAuth.values()), ClientAuth::label));
        // A wrong name that the exporter-toolkit once had, and still accepts.
        byLabel.put("RequireClientCert", ClientAuth.ANY_REQUIRED);
        return byLabel;
    }

    /// The files that were read, or that could not be read.
    Set<Path> files() {
        return files;
    }

    /// Empty if the section is empty, or if a mistake was recorded.
    Optional<Tls> tls(Section section) {
        if (section.values().isEmpty()) {
            return Optional.empty();
        }
        Optional<Identity> identity = identity(section);
        Clients clients = clients(section);
        List<String> protocols = protocols(section);
        List<String> cipherSuites =
                section.orDefault("cipher_suites", TlsServerConfigReader::cipherSuites, List.of());
        boolean preferServerCipherSuites =
                section.orDefault("prefer_server_cipher_suites", ConfigurationValue::bool, true);
        List<String> namedGroups =
                section.orDefault("curve_preferences", v -> distinctValues(v, CURVES), List.of());
        return identity.map(i ->
                new Tls(
                        i,
                        clients,
                        protocols,
                        cipherSuites,
                        preferServerCipherSuites,
                        namedGroups));
    }

    private Optional<Identity> identity(Section section) {
        Optional<PemSource> certificate =
                requiredPem(section, "cert_file", "cert", "the server's certificate");
        Optional<PemSource> key = requiredPem(section, "key_file", "key", "the certificate's key");
        Optional<List<X509Certificate>> chain =
                certificate.flatMap(c -> parse(c, Pem::certificates));
        Optional<PrivateKey> privateKey = key.flatMap(k -> parse(k, Pem::key));
        if (chain.isEmpty() || privateKey.isEmpty()) {
            return Optional.empty();
        }
        if (!Pem.isKeyOf(privateKey.get(), chain.get().getFirst())) {
            return key.flatMap(k ->
                    k.reject(
                            "contains the key of another certificate; the server's certificate must"
                                    + " come first, then those of its authorities"));
        }
        return Optional.of(new Identity(chain.get(), privateKey.get()));
    }

    private Clients clients(Section section) {
        ClientAuth auth =
                section.orDefault("client_auth_type", v -> v.oneOf(CLIENT_AUTH), ClientAuth.NONE);
        List<X509Certificate> authorities =
                optionalPem(section, "client_ca_file", "client_ca")
                        .flatMap(pemSource -> parse(pemSource, Pem::certificates))
                        .orElse(List.of());
        List<String> allowedNames =
                section.orDefault(
                        "client_allowed_sans", TlsServerConfigReader::allowedNames, List.of());
        boolean explicit = section.find("client_auth_type").isPresent();
        if (auth == ClientAuth.NONE) {
            Stream.of("client_ca_file", "client_ca", "client_allowed_sans")
                    .flatMap(key -> section.find(key).stream())
                    .forEach(v ->
                            v.rejectWithoutValue(
                                    "has no effect "
                                            + (explicit ? "with this" : "without")
                                            + " client_auth_type; to accept only clients with a"
                                            + " certificate, set it to "
                                            + ClientAuth.VERIFIED.label()));
        }
        return new Clients(auth, authorities, new LinkedHashSet<>(allowedNames));
    }

    private static Optional<List<String>> allowedNames(ConfigurationValue value) {
        return value.isEmptyList()
                ? value.reject("which accepts no client; omit the key, or add a name")
                : value.list(ConfigurationValue::nonBlankText);
    }

    private static List<String> protocols(Section section) {
        String minVersion =
                section.orDefault(
                        "min_version", TlsServerConfigReader::version, VERSIONS.getFirst());
        String maxVersion =
                section.orDefault(
                        "max_version", TlsServerConfigReader::version, VERSIONS.getLast());
        int from = VERSIONS.indexOf(minVersion);
        int to = VERSIONS.indexOf(maxVersion);
        if (from > to) {
            section.find("min_version")
                    .ifPresent(v -> v.reject("which is above max_version " + maxVersion));
            return List.of();
        }
        return VERSIONS.subList(from, to + 1).stream()
                .map(TlsServerConfigReader::protocol)
                .toList();
    }

    private static String protocol(String version) {
        return Optional.ofNullable(PROTOCOLS.get(version)).orElseThrow();
    }

    private static Optional<String> version(ConfigurationValue value) {
        if (OLD_VERSIONS.stream().anyMatch(value::hasText)) {
            return value.reject(
                    "which is insecure, and disabled in Java; expected "
                            + QuotedText.list(VERSIONS));
        }
        return value.text()
                .flatMap(text ->
                        VERSIONS.contains(text)
                                ? Optional.of(text)
                                : value.reject("expected " + QuotedText.list(VERSIONS)));
    }

    private static Optional<List<String>> cipherSuites(ConfigurationValue value) {
        Map<String, String> known = new LinkedHashMap<>();
        Stream.of(WebConfigFileKeys.TLS_1_2_SUITES, WebConfigFileKeys.TLS_1_3_SUITES)
                .flatMap(List::stream)
                .forEach(suite -> known.put(suite, suite));
        return distinctValues(value, known)
                .filter(listed -> !listed.isEmpty())
                .map(listed ->
                        Stream.of(listed, WebConfigFileKeys.TLS_1_3_SUITES)
                                .flatMap(List::stream)
                                .distinct()
                                .toList());
    }

    private static Optional<List<String>> distinctValues(
            ConfigurationValue value, Map<String, String> known) {
        return value.list(v -> v.oneOf(known)).map(values -> values.stream().distinct().toList());
    }

    private Optional<PemSource> requiredPem(
            Section section, String file, String inline, String what) {
        if (section.find(file).isEmpty() && section.find(inline).isEmpty()) {
            return section.required(
                    file, v -> Optional.empty(), "name the file with " + what + " in PEM");
        }
        return optionalPem(section, file, inline);
    }

    private Optional<PemSource> optionalPem(Section section, String file, String inline) {
        Optional<ConfigurationValue> inlineValue = section.find(inline);
        if (section.find(file).isPresent()) {
            inlineValue.ifPresent(v ->
                    v.rejectWithoutValue(
                            "cannot be combined with " + file + "; keep one of the two"));
            return section.find(file).flatMap(this::readFile);
        }
        return inlineValue.flatMap(v ->
                v.isText()
                        ? v.text().map(text -> new PemSource(v, false, text))
                        : v.rejectWithoutValue("expected a string in PEM; write it below key: |"));
    }

    private Optional<PemSource> readFile(ConfigurationValue value) {
        Optional<String> name = value.nonBlankText();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = directory.resolve(name.get());
            files.add(file);
            if (Files.isDirectory(file)) {
                return value.reject("which is a directory; name the file in it");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(YamlFileReader.MAX_BYTES);
                return Optional.of(
                        new PemSource(value, true, new String(bytes, StandardCharsets.ISO_8859_1)));
            }
        } catch (InvalidPathException e) {
            return value.reject("which is not a valid path");
        } catch (NoSuchFileException e) {
            return value.reject(
                    "which does not exist; relative paths start from the directory of this file");
        } catch (IOException e) {
            return value.reject("which this user cannot read; check its mode and owner");
        }
    }

    private static <T> Optional<T> parse(PemSource pemSource, Parser<T> parser) {
        try {
            return Optional.of(parser.parse(pemSource.text()));
        } catch (BadPem e) {
            return pemSource.reject(e.remedy());
        }
    }
}
