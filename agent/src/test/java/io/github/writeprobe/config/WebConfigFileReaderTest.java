package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.writeprobe.OpenSsl;
import io.github.writeprobe.config.WebConfiguration.ClientAuth;
import io.github.writeprobe.config.WebConfiguration.RateLimit;
import io.github.writeprobe.config.WebConfiguration.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads web configurations. There is one invalid file per rule, `webconfig/invalid-RULE.yml`, with
/// its exact messages.
class WebConfigFileReaderTest {
    private static final String SERVER = "tls_server_config: {cert_file: server.crt, key_file: %s}";

    @TempDir static Path directory;

    @BeforeAll
    static void makeCertificates() throws Exception {
        OpenSsl openssl = new OpenSsl(directory);
        openssl.authority("ca");
        openssl.signed("server", "ca", "subjectAltName=DNS:localhost");
        openssl.authority("other");
        openssl.run("ec -in server.key -out sec1.key");
        openssl.run("ecparam -name prime256v1 -out parameters.pem");
        Files.writeString(
                directory.resolve("sec1-with-parameters.key"),
                text("parameters.pem") + text("sec1.key"));
        openssl.run("pkey -in server.key -aes128 -passout pass:x -out encrypted.key");
        openssl.run("ec -in server.key -aes128 -passout pass:x -out encrypted-sec1.key");
        openssl.run("req -x509 -newkey rsa:2048 -nodes -subj /CN=rsa -keyout rsa.key -out rsa.crt");
        openssl.run("rsa -in rsa.key -traditional -out pkcs1.key");
        openssl.run("req -x509 -newkey ed25519 -nodes -subj /CN=ed -keyout ed.key -out ed.crt");
        Files.writeString(directory.resolve("chain.crt"), text("server.crt") + text("ca.crt"));
        Files.writeString(directory.resolve("reversed.crt"), text("ca.crt") + text("server.crt"));
        Files.writeString(
                directory.resolve("damaged.crt"), text("server.crt").replaceFirst("M", "#"));
        Files.writeString(
                directory.resolve("damaged.key"), text("server.key").replaceFirst("M", "#"));
        Files.createDirectory(directory.resolve("certificates"));
    }

    private static String text(String name) {
        return TestFiles.text(directory.resolve(name));
    }

    private static WebConfiguration read(String text) throws ConfigurationException {
        return WebConfigFileReader.read(text, "web.yml", directory.resolve("web.yml"));
    }

    private static Tls tls(String text) throws ConfigurationException {
        return read(text).tls().orElseThrow();
    }

    static List<Path> invalid() {
        return TestFiles.withPrefix(TestFiles.folder().resolve("webconfig"), "invalid-");
    }

    private static List<String> mistakes(Path file) {
        String name = file.getFileName().toString();
        return catchThrowableOfType(
                        ConfigurationException.class,
                        () ->
                                WebConfigFileReader.read(
                                        TestFiles.text(file), name, directory.resolve(name)))
                .mistakes();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void eachMistakeIsPlacedAndMended(Path file) {
        String name = file.getFileName().toString();
        Path expected = file.resolveSibling(name.replace(".yml", ".txt"));

        assertThat(String.join("\n", mistakes(file)) + "\n").isEqualTo(TestFiles.text(expected));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void noSecretIsWrittenOut(Path file) {
        assertThat(mistakes(file)).noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void emptyFileMeansHttpWithoutAuthentication() throws Exception {
        WebConfiguration read = read("# nothing yet\n");

        assertThat(read)
                .isEqualTo(
                        new WebConfiguration(
                                WebConfiguration.PLAIN.tls(),
                                Map.of(),
                                Map.of(),
                                WebConfiguration.PLAIN.rateLimit(),
                                Set.of(directory.resolve("web.yml").toAbsolutePath())));
    }

    @Test
    void emptySectionsAreAsGoodAsNone() throws Exception {
        assertThat(read("tls_server_config:\nbasic_auth_users:\nhttp_server_config:\n"))
                .isEqualTo(read(""));
    }

    @Test
    void defaultsAreTheToolkits() throws Exception {
        Tls tls = tls(SERVER.formatted("server.key"));

        assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(tls.preferServerCipherSuites()).isTrue();
        assertThat(tls.clients().auth()).isEqualTo(ClientAuth.NONE);
        assertThat(tls.cipherSuites()).isEmpty();
        assertThat(tls.namedGroups()).isEmpty();
    }

    @Test
    void everythingIsRead() throws Exception {
        WebConfiguration read =
                read(
                        TestFiles.text(
                                TestFiles.folder()
                                        .resolve("webconfig")
                                        .resolve("valid-complete.yml")));

        Tls tls = read.tls().orElseThrow();
        assertThat(tls.identity().chain()).hasSize(2);
        assertThat(tls.clients().auth()).isEqualTo(ClientAuth.VERIFIED);
        assertThat(tls.clients().authorities()).hasSize(1);
        assertThat(tls.clients().allowedNames()).containsExactlyInAnyOrder("prometheus", "::1");
        assertThat(tls.protocols()).containsExactly("TLSv1.2");
        assertThat(tls.cipherSuites())
                .startsWith("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384")
                .contains("TLS_CHACHA20_POLY1305_SHA256");
        assertThat(tls.preferServerCipherSuites()).isFalse();
        assertThat(tls.namedGroups()).containsExactly("secp521r1", "x25519");
        assertThat(read.headers())
                .containsOnly(
                        Map.entry("X-Frame-Options", "deny"), Map.entry("X-XSS-Protection", "1"));
        assertThat(read.users()).containsOnlyKeys("alice", "bob");
        assertThat(read.rateLimit()).contains(new RateLimit(Duration.ofSeconds(1), 20));
        assertThat(read.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrder("web.yml", "chain.crt", "server.key", "ca.crt");
    }

    @ParameterizedTest
    @CsvSource({
        "server.crt, server.key",
        "server.crt, sec1.key",
        "server.crt, sec1-with-parameters.key",
        "rsa.crt, rsa.key",
        "rsa.crt, pkcs1.key",
        "ed.crt, ed.key"
    })
    void everyUsualKindOfKeyIsRead(String certificate, String key) throws Exception {
        assertThat(
                        tls("tls_server_config: {cert_file: %s, key_file: %s}"
                                        .formatted(certificate, key))
                                .identity()
                                .chain())
                .hasSize(1);
    }

    @Test
    void certificateAndKeyCanStandInTheFile() throws Exception {
        String text =
                "tls_server_config:\n  cert: |\n"
                        + text("server.crt").indent(4)
                        + "  key: |\n"
                        + text("server.key").indent(4);

        assertThat(tls(text).identity()).isEqualTo(tls(SERVER.formatted("server.key")).identity());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NoClientCert",
                "RequestClientCert",
                "RequireClientCert",
                "RequireAnyClientCert",
                "VerifyClientCertIfGiven",
                "RequireAndVerifyClientCert"
            })
    void theToolkitsClientAuthTypesAreKnown(String type) throws Exception {
        ClientAuth auth =
                tls("tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: %s}"
                                .formatted(type))
                        .clients()
                        .auth();

        assertThat(auth.label())
                .isEqualTo(type.equals("RequireClientCert") ? "RequireAnyClientCert" : type);
    }

    @Test
    void javaKnowsTheCipherSuites() throws Exception {
        assertThat(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
                .containsAll(WebConfigFileKeys.TLS_1_2_SUITES)
                .containsAll(WebConfigFileKeys.TLS_1_3_SUITES);
    }

    @Test
    void anIntervalOfZeroIsNoLimit() throws Exception {
        assertThat(read("rate_limit: {interval: 0, burst: 0}").rateLimit()).isEmpty();
        assertThat(read("rate_limit: {interval: 0s}").rateLimit()).isEmpty();
    }

    @Test
    void aMissingFileIsReported() {
        assertThat(mistakesOf(directory.resolve("none.yml")))
                .singleElement()
                .asString()
                .endsWith("none.yml: does not exist; check the path");
    }

    private static List<String> mistakesOf(Path file) {
        return catchThrowableOfType(
                        ConfigurationException.class, () -> WebConfigFileReader.read(file))
                .mistakes();
    }

    @Test
    void onlyPasswordsAndCertificatesThatProveSomethingKeepStrangersOut() throws Exception {
        String server = "tls_server_config: {cert_file: server.crt, key_file: server.key%s}";
        String client = ", client_auth_type: %s, client_ca_file: server.crt";
        assertThat(WebConfiguration.PLAIN.isAnonymousAllowed()).isTrue();
        assertThat(read(server.formatted("")).isAnonymousAllowed()).isTrue();
        assertThat(
                        read(server.formatted(", client_auth_type: RequireAnyClientCert"))
                                .isAnonymousAllowed())
                .isTrue();
        assertThat(
                        read(server.formatted(client.formatted("VerifyClientCertIfGiven")))
                                .isAnonymousAllowed())
                .isTrue();
        assertThat(
                        read(server.formatted(client.formatted("RequireAndVerifyClientCert")))
                                .isAnonymousAllowed())
                .isFalse();
        assertThat(
                        read("basic_auth_users: {a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}")
                                .isAnonymousAllowed())
                .isFalse();
    }
}
