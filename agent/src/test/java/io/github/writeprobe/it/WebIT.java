package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.OpenSsl;
import io.github.writeprobe.config.ListenAddress;
import io.github.writeprobe.web.SiteContent;
import io.github.writeprobe.web.WebDocument;
import io.github.writeprobe.web.WebServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The web server, tested with curl.
class WebIT {
    private static final String TLS = "tls_server_config: {cert_file: s.crt, key_file: s.key%s}\n";
    private static final String VERIFIED =
            ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt";
    private static final String USERS =
            "basic_auth_users: {alice: %s}\n"
                    .formatted(
                            OpenBSDBCrypt.generate(
                                    "2y",
                                    "secret".getBytes(UTF_8),
                                    "0123456789abcdef".getBytes(UTF_8),
                                    10));

    @TempDir static Path directory;

    private static final SiteContent SITE =
            new SiteContent() {
                @Override
                public HomePage homePage() {
                    return new HomePage(
                            new WebDocument("text/html", "<!DOCTYPE html>".getBytes(UTF_8)),
                            "default-src 'none'");
                }

                @Override
                public String generation() {
                    return "1";
                }

                @Override
                public WebDocument metrics(Optional<String> accept) {
                    return new WebDocument("text/plain", "up 1\n".repeat(1000).getBytes(UTF_8));
                }

                @Override
                public WebDocument report() {
                    return new WebDocument("application/json", "{}".getBytes(UTF_8));
                }

                @Override
                public Optional<String> notReadyReason() {
                    return Optional.empty();
                }

                @Override
                public Optional<String> unhealthyReason() {
                    return Optional.empty();
                }

                @Override
                public List<String> reload() {
                    return List.of();
                }
            };

    @BeforeAll
    static void makeCertificates() throws Exception {
        OpenSsl openssl = new OpenSsl(directory);
        openssl.authority("ca");
        openssl.authority("stranger-ca");
        openssl.signed("s", "ca", "subjectAltName=IP:127.0.0.1");
        openssl.signed("friend", "ca", "subjectAltName=DNS:friend.example,IP:::1");
        openssl.signed("stranger", "stranger-ca", "subjectAltName=DNS:friend.example");
    }

    /// The exit code of curl, and its output.
    private record Curl(int exit, String out) {}

    private static WebServer serve(String configuration) throws Exception {
        Path file = Files.writeString(directory.resolve("web.yml"), configuration);
        return WebServer.start(new ListenAddress("127.0.0.1", 0), Optional.of(file), SITE);
    }

    private static Curl curl(WebServer server, String path, String... options) throws Exception {
        String url =
                (server.isTls() ? "https" : "http")
                        + "://127.0.0.1:"
                        + server.address().getPort()
                        + path;
        List<String> command =
                Stream.of(
                                Stream.of("curl", "-sS", "--max-time", "10", "--noproxy", "*"),
                                Stream.of(options),
                                Stream.of(url))
                        .flatMap(parts -> parts)
                        .toList();
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Curl(process.waitFor(), out);
    }

    private static Curl curlAs(WebServer server, String who) throws Exception {
        return curl(
                server,
                "/-/healthy",
                "--cacert",
                "ca.crt",
                "--cert",
                who + ".crt",
                "--key",
                who + ".key");
    }

    @Test
    void tlsIsSpokenAndProved() throws Exception {
        try (WebServer server = serve(TLS.formatted(""))) {
            assertThat(curl(server, "/-/healthy", "--cacert", "ca.crt"))
                    .isEqualTo(new Curl(0, "Healthy.\n"));
            assertThat(curl(server, "/-/healthy", "--cacert", "stranger-ca.crt").exit())
                    .isEqualTo(60);
            assertThat(
                            curl(
                                            server,
                                            "/-/healthy",
                                            "--cacert",
                                            "ca.crt",
                                            "-H",
                                            "Connection: close")
                                    .exit())
                    .isZero();
        }
    }

    @Test
    void versionsAreKeptTo() throws Exception {
        try (WebServer server = serve(TLS.formatted(", min_version: TLS13"))) {
            assertThat(curl(server, "/", "--cacert", "ca.crt", "--tls-max", "1.2").exit())
                    .isEqualTo(35);
            assertThat(curl(server, "/", "--cacert", "ca.crt", "--tlsv1.3").exit()).isZero();
        }
    }

    @Test
    void onlyClientsOfTheAuthorityGetIn() throws Exception {
        try (WebServer server = serve(TLS.formatted(VERIFIED))) {
            assertThat(curlAs(server, "friend")).isEqualTo(new Curl(0, "Healthy.\n"));
            assertThat(curlAs(server, "stranger").exit()).isNotZero();
            assertThat(curl(server, "/-/healthy", "--cacert", "ca.crt").exit()).isNotZero();
        }
    }

    @Test
    void onlyClientsWithAnAllowedNameGetIn() throws Exception {
        try (WebServer server =
                serve(TLS.formatted(VERIFIED + ", client_allowed_sans: ['0:0::1']"))) {
            assertThat(curlAs(server, "friend").exit()).isZero();
        }
        try (WebServer server =
                serve(TLS.formatted(VERIFIED + ", client_allowed_sans: [other.example]"))) {
            assertThat(curlAs(server, "friend").exit()).isNotZero();
        }
    }

    @Test
    void weakerKindsOfClientAuthAskLess() throws Exception {
        try (WebServer server = serve(TLS.formatted(", client_auth_type: RequireAnyClientCert"))) {
            assertThat(curlAs(server, "stranger").exit()).isZero();
            assertThat(curl(server, "/", "--cacert", "ca.crt").exit()).isNotZero();
        }
        try (WebServer server =
                serve(
                        TLS.formatted(
                                ", client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.crt"))) {
            assertThat(curl(server, "/", "--cacert", "ca.crt").exit()).isZero();
            assertThat(curlAs(server, "stranger").exit()).isNotZero();
        }
    }

    @Test
    void aChangedAuthorityCountsWithoutARestart() throws Exception {
        try (WebServer server = serve(TLS.formatted(VERIFIED))) {
            assertThat(curlAs(server, "friend").exit()).isZero();
            Files.writeString(
                    directory.resolve("web.yml"),
                    TLS.formatted(VERIFIED.replace("ca.crt", "stranger-ca.crt")));
            assertThat(curlAs(server, "friend").exit()).isNotZero();
            assertThat(curlAs(server, "stranger").exit()).isZero();
        }
    }

    @Test
    void aPasswordIsAskedForOnEveryPath() throws Exception {
        try (WebServer server = serve(USERS)) {
            for (String path : List.of("/", "/metrics", "/-/healthy", "/nowhere")) {
                assertThat(curl(server, path, "-i").out())
                        .startsWith("HTTP/1.1 401 ")
                        .containsIgnoringCase("WWW-Authenticate: Basic realm=\"writeprobe\"");
                assertThat(curl(server, path, "-i", "-u", "alice:wrong").out())
                        .startsWith("HTTP/1.1 401 ");
                assertThat(curl(server, path, "-i", "-u", "alice:secret").out())
                        .doesNotStartWith("HTTP/1.1 401 ");
            }
        }
    }

    @Test
    void compressionHeadersAndLimitsReachTheClient() throws Exception {
        try (WebServer server =
                serve(
                        "http_server_config: {headers: {X-Frame-Options: deny}}\n"
                                + "rate_limit: {interval: 1h, burst: 2}\n")) {
            Curl curl = curl(server, "/metrics", "-i", "--compressed");
            assertThat(curl.out())
                    .containsIgnoringCase("Content-Encoding: gzip")
                    .containsIgnoringCase("X-Frame-Options: deny")
                    .endsWith("up 1\n".repeat(1000));
            assertThat(curl(server, "/-/reload", "-X", "POST").out()).isEqualTo("Reloaded.\n");
            assertThat(curl(server, "/", "-i").out()).startsWith("HTTP/1.1 429 ");
        }
    }
}
