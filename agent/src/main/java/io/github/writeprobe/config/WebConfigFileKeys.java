package io.github.writeprobe.config;

import java.util.List;
import java.util.Map;

/// The keys and words of a web configuration file, as the exporter-toolkit names them.
///
/// @see <a
///   href="https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md">the
///   format</a>
final class WebConfigFileKeys {
    static final List<String> TOP =
            List.of("tls_server_config", "http_server_config", "basic_auth_users", "rate_limit");
    static final List<String> TLS =
            List.of(
                    "cert_file",
                    "key_file",
                    "cert",
                    "key",
                    "client_auth_type",
                    "client_ca_file",
                    "client_ca",
                    "client_allowed_sans",
                    "min_version",
                    "max_version",
                    "cipher_suites",
                    "prefer_server_cipher_suites",
                    "curve_preferences");
    static final List<String> HTTP = List.of("http2", "headers");
    static final List<String> RATE_LIMIT = List.of("interval", "burst");

    /// The headers that can be set, with their allowed values; an empty list allows any value.
    static final Map<String, List<String>> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    List.of(),
                    "Strict-Transport-Security",
                    List.of(),
                    "X-Content-Type-Options",
                    List.of("nosniff"),
                    "X-Frame-Options",
                    List.of("deny", "sameorigin"),
                    "X-XSS-Protection",
                    List.of());

    /// Always enabled, as in the toolkit: a configuration cannot disable them.
    static final List<String> TLS_1_3_SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /// The suites of Go's `tls.CipherSuites()` for TLS 1.2. The JDK uses the same names.
    static final List<String> TLS_1_2_SUITES =
            List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");

    private WebConfigFileKeys() {}
}
