package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.docker.FakeEngine.Call;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.exec.ExecOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An engine behind mutual TLS, with certificates that openssl makes for each run.
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir static Path files;

    @BeforeAll
    static void makeCertificates() throws Exception {
        createAuthority("ours");
        createAuthority("theirs");
        createCertificate("server", "ours", "subjectAltName=IP:127.0.0.1,DNS:localhost", "30");
        createCertificate("elsewhere", "ours", "subjectAltName=DNS:elsewhere.example", "30");
        createCertificate("expired", "ours", "subjectAltName=IP:127.0.0.1", "-1");
        createClientDirectory("good", "ours", "ours");
        createClientDirectory("distrusting", "theirs", "ours");
        createClientDirectory("distrusted", "ours", "theirs");
    }

    private static void openssl(String... arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder()
                        .command(
                                java.util.stream.Stream.concat(
                                                java.util.stream.Stream.of("openssl"),
                                                java.util.stream.Stream.of(arguments))
                                        .toList())
                        .directory(files.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static void createAuthority(String name) throws Exception {
        openssl(
                ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj"
                                + " /CN="
                                + name
                                + " -keyout "
                                + name
                                + "-ca.key -out "
                                + name
                                + "-ca.pem")
                        .split(" "));
    }

    private static void createCertificate(
            String name, String authority, String extension, String days) throws Exception {
        Files.writeString(files.resolve(name + ".ext"), extension + "\n");
        openssl(
                ("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN="
                                + name
                                + " -keyout "
                                + name
                                + ".key -out "
                                + name
                                + ".csr")
                        .split(" "));
        openssl(
                ("x509 -req -in %s.csr -CA %s-ca.pem -CAkey %s-ca.key -CAcreateserial -days %s"
                                + " -extfile %s.ext -out %s.pem")
                        .formatted(name, authority, authority, days, name, name)
                        .split(" "));
    }

    /// Creates a directory for DOCKER_CERT_PATH.
    private static void createClientDirectory(String name, String trusts, String signedBy)
            throws Exception {
        createCertificate(name, signedBy, "extendedKeyUsage=clientAuth", "30");
        Path directory = Files.createDirectory(files.resolve(name));
        Files.copy(files.resolve(trusts + "-ca.pem"), directory.resolve("ca.pem"));
        Files.copy(files.resolve(name + ".pem"), directory.resolve("cert.pem"));
        Files.copy(files.resolve(name + ".key"), directory.resolve("key.pem"));
    }

    private static FakeEngine serve(String certificate) throws Exception {
        openssl(
                ("pkcs12 -export -in %s.pem -inkey %s.key -out %s.p12 -passout pass:" + PASSWORD)
                        .formatted(certificate, certificate, certificate)
                        .split(" "));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(files.resolve(certificate + ".p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null);
        try (InputStream in = Files.newInputStream(files.resolve("ours-ca.pem"))) {
            trusted.setCertificateEntry(
                    "ca",
                    java.security.cert.CertificateFactory.getInstance("X.509")
                            .generateCertificate(in));
        }
        TrustManagerFactory clients =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        clients.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), clients.getTrustManagers(), null);
        SSLServerSocket server =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        return FakeEngine.onTcp(server, 1);
    }

    private static Engine open(FakeEngine fake, String client) throws BadEndpoint {
        return DockerEngines.open(
                        List.of("tcp://127.0.0.1:" + fake.port()),
                        client.isEmpty()
                                ? Map.of()
                                : Map.of(
                                        "DOCKER_TLS_VERIFY",
                                        "1",
                                        "DOCKER_CERT_PATH",
                                        files.resolve(client).toString()),
                        Duration.ofSeconds(10))
                .getFirst();
    }

    private static String identifyError(String certificate, String client) throws Exception {
        try (FakeEngine fake = serve(certificate);
                Engine engine = open(fake, client)) {
            engine.identify();
        } catch (EngineUnavailable e) {
            return e.line();
        }
        throw new AssertionError("it answered");
    }

    @Test
    void bothSidesShowTheirCertificates() throws Exception {
        try (FakeEngine fake = serve("server");
                Engine engine = open(fake, "good")) {
            assertThat(engine.identify().apiVersion()).isEqualTo("1.41");
            assertThat(
                            engine.execs()
                                    .run(
                                            FakeEngine.id(0),
                                            List.of("hi"),
                                            Optional.empty(),
                                            Duration.ofSeconds(5),
                                            100))
                    .isEqualTo(new ExecOutcome.Finished("hi\n"));
        }
    }

    @Test
    void aContextBringsItsOwnTls() throws Exception {
        String digest =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256").digest("far".getBytes(UTF_8)));
        Path contexts = files.resolve("config/contexts");
        Path meta = Files.createDirectories(contexts.resolve("meta").resolve(digest));
        Path tls =
                Files.createDirectories(contexts.resolve("tls").resolve(digest).resolve("docker"));
        for (String file : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.copy(files.resolve("good").resolve(file), tls.resolve(file));
        }
        try (FakeEngine fake = serve("server")) {
            Files.writeString(
                    meta.resolve("meta.json"),
                    "{\"Name\":\"far\",\"Endpoints\":{\"docker\":{\"Host\":\"tcp://127.0.0.1:%d\"}}}"
                            .formatted(fake.port()));
            try (Engine engine =
                    DockerEngines.open(
                                    List.of(),
                                    Map.of(
                                            "DOCKER_CONFIG",
                                            files.resolve("config").toString(),
                                            "DOCKER_CONTEXT",
                                            "far"),
                                    Duration.ofSeconds(10))
                            .getFirst()) {
                assertThat(engine.identify().version()).isEqualTo("20.10.24");
            }
        }
    }

    @Test
    void anExecThatHangsInTlsIsHungUpOn() throws Exception {
        try (FakeEngine fake = serve("server");
                Engine engine = open(fake, "good")) {
            engine.identify();
            fake.on(Call.EXEC_START, FakeEngine.Behaviour.HANG_MID_STREAM);
            assertThat(
                            engine.execs()
                                    .run(
                                            FakeEngine.id(0),
                                            List.of("hi"),
                                            Optional.empty(),
                                            Duration.ofMillis(500),
                                            100))
                    .isInstanceOf(ExecOutcome.Failed.class);
            for (int i = 0; i < 200 && fake.connections() > 0; i++) {
                Thread.sleep(10);
            }
            assertThat(fake.connections()).isZero();
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsReported() throws Exception {
        assertThat(identifyError("server", "distrusting"))
                .contains("is not signed by the CA in " + files + "/distrusting/ca.pem");
    }

    @Test
    void anExpiredCertificateIsReported() throws Exception {
        assertThat(identifyError("expired", "good")).contains("is expired or not yet valid");
    }

    @Test
    void aCertificateOfAnotherHostIsReported() throws Exception {
        assertThat(identifyError("elsewhere", "good")).contains("is for another host name");
    }

    @Test
    void aClientCertificateThatIsNotAcceptedIsReported() throws Exception {
        assertThat(identifyError("server", "distrusted"))
                .contains("accept the client certificate in " + files + "/distrusted");
    }

    @Test
    void plainHttpToATlsPortIsReported() throws Exception {
        assertThat(identifyError("server", ""))
                .contains("set DOCKER_TLS_VERIFY=1 if it requires TLS");
    }

    @Test
    void tlsToAPlainPortIsReported() throws Exception {
        try (FakeEngine fake =
                        FakeEngine.onTcp(
                                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), 1);
                Engine engine = open(fake, "good")) {
            assertThatThrownBy(engine::identify)
                    .isInstanceOf(EngineUnavailable.class)
                    .hasMessageContaining("does not speak TLS: unset DOCKER_TLS_VERIFY");
        }
    }

    @Test
    void filesThatAreNoPemAreReported() throws Exception {
        Path bad = Files.createDirectory(files.resolve("bad"));
        for (String file : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.writeString(bad.resolve(file), "nonsense");
        }
        try (FakeEngine fake = serve("server")) {
            assertThatThrownBy(() -> open(fake, "bad"))
                    .isInstanceOf(BadEndpoint.class)
                    .hasMessageStartingWith("the TLS files in " + bad + " cannot be used");
        }
    }
}
