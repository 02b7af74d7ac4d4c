package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.OpenSsl;
import io.github.writeprobe.config.ListenAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Hostile clients. Whatever one does, others get their responses, during and after it.
@Execution(ExecutionMode.CONCURRENT)
class HostileClientsTest {
    /// The protocol of the connection.
    enum Protocol {
        PLAIN,
        TLS
    }

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMillis(1500);

    @TempDir static Path directory;
    private static SSLContext clientContext;

    private final FakeSite site = new FakeSite();
    private final List<Socket> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // each test starts it
    private WebServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        OpenSsl openssl = new OpenSsl(directory);
        openssl.authority("ca");
        openssl.signed("server", "ca", "subjectAltName=IP:127.0.0.1");
        Files.writeString(
                directory.resolve("web.yml"),
                "tls_server_config: {cert_file: server.crt, key_file: server.key}\n");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        Files.readAllBytes(directory.resolve("ca.crt")))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        clientContext = SSLContext.getInstance("TLS");
        clientContext.init(null, trust.getTrustManagers(), null);
    }

    @AfterEach
    void hangUp() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        server.close();
    }

    private void start(Protocol protocol) throws Exception {
        server =
                WebServer.start(
                        new ListenAddress("127.0.0.1", 0),
                        protocol == Protocol.TLS
                                ? Optional.of(directory.resolve("web.yml"))
                                : Optional.empty(),
                        site,
                        REQUEST_TIMEOUT,
                        RESPONSE_TIMEOUT);
    }

    private Socket connect(Protocol protocol) throws IOException {
        InetAddress host = server.address().getAddress();
        int port = server.address().getPort();
        Socket socket =
                protocol == Protocol.TLS
                        ? clientContext.getSocketFactory().createSocket(host, port)
                        : new Socket(host, port);
        clients.add(socket);
        return socket;
    }

    private Socket send(Protocol protocol, String text) throws IOException {
        Socket socket = connect(protocol);
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /// One response, on a connection of its own, within three seconds.
    private void assertOthersAnswered(Protocol protocol, String path) throws IOException {
        try (Socket socket = connect(protocol)) {
            socket.setSoTimeout(3000);
            socket.getOutputStream().write(request(path).getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(15), US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private void assertOthersAnsweredFor(Protocol protocol, Duration time) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        do {
            assertOthersAnswered(protocol, "/-/healthy");
            assertOthersAnswered(protocol, "/metrics");
            Thread.sleep(200);
        } while (System.nanoTime() - deadline < 0);
    }

    /// Whether the server has closed the connection, in some seconds.
    private static void assertClosed(Socket socket) throws IOException {
        socket.setSoTimeout(8000);
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException reset) {
            // closed, too
        }
    }

    @ParameterizedTest
    @EnumSource
    void halfARequestIsNotWaitedFor(Protocol protocol) throws Exception {
        start(protocol);
        Socket client = send(protocol, "GET /metrics HTTP/1.1\r\nHost: loc");

        assertOthersAnsweredFor(protocol, REQUEST_TIMEOUT.plusSeconds(1));
        assertClosed(client);
    }

    @ParameterizedTest
    @EnumSource
    void slowRequestIsClosedAtTheTimeout(Protocol protocol) throws Exception {
        start(protocol);
        Socket client = connect(protocol);
        Thread slowSender =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                for (byte b : request("/metrics").getBytes(US_ASCII)) {
                                    client.getOutputStream().write(b);
                                    Thread.sleep(500);
                                }
                            } catch (IOException | InterruptedException e) {
                                // disconnected, as expected
                            }
                        });

        assertOthersAnsweredFor(protocol, REQUEST_TIMEOUT.plusSeconds(1));
        assertClosed(client);
        slowSender.interrupt();
    }

    @ParameterizedTest
    @EnumSource
    void missingRequestBodyDoesNotBlockOtherClients(Protocol protocol) throws Exception {
        start(protocol);
        Socket client =
                send(
                        protocol,
                        "POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");

        assertOthersAnsweredFor(protocol, RESPONSE_TIMEOUT.plusSeconds(1));
        assertClosed(client);
    }

    /// More clients than permits, and more bytes than any socket buffer takes. The JDK's own limit
    /// would block a TLS server for good if it fired on such a client.
    @ParameterizedTest
    @EnumSource
    void clientsThatNeverReadTheirAnswerAreHungUpOn(Protocol protocol) throws Exception {
        String large = "x".repeat(8 << 20);
        start(protocol);
        CountDownLatch first = new CountDownLatch(1);
        site.metrics =
                () -> {
                    first.countDown();
                    return large;
                };
        List<Socket> nonReading = new ArrayList<>();
        nonReading.add(send(protocol, request("/metrics")));
        // On a busy machine the client could receive a small response completely, and rightly keep
        // the connection.
        assertThat(first.await(5, TimeUnit.SECONDS)).isTrue();
        for (int i = 1; i < 80; i++) {
            nonReading.add(send(protocol, request("/metrics")));
        }
        site.metrics = () -> "up 1\n";

        assertOthersAnsweredFor(protocol, RESPONSE_TIMEOUT.plusSeconds(1));
        assertClosed(nonReading.getFirst());
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDoesNotReadAndHasAnUnfinishedBodyIsHungUpOn(Protocol protocol)
            throws Exception {
        String large = "x".repeat(16 << 20);
        start(protocol);
        site.metrics = () -> large;
        send(protocol, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");
        Thread.sleep(300);
        site.metrics = () -> "up 1\n";

        assertOthersAnsweredFor(protocol, RESPONSE_TIMEOUT.plusSeconds(1));
    }

    /// The close_notify alert of a TLS connection needs room in the client's buffer, too.
    @ParameterizedTest
    @EnumSource
    void floodWithoutReadingDoesNotBlockOtherClients(Protocol protocol) throws Exception {
        start(protocol);
        Socket client = connect(protocol);
        Thread flood =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                byte[] some = request("/").repeat(100).getBytes(US_ASCII);
                                while (true) {
                                    client.getOutputStream().write(some);
                                }
                            } catch (IOException e) {
                                // disconnected, as expected
                            }
                        });

        assertOthersAnsweredFor(protocol, RESPONSE_TIMEOUT.plusSeconds(1));
        assertThat(flood.join(Duration.ofSeconds(30))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void twoHundredIdleConnectionsAreNoBurden(Protocol protocol) throws Exception {
        start(protocol);
        for (int i = 0; i < 200; i++) {
            connect(Protocol.PLAIN);
        }

        assertOthersAnsweredFor(protocol, Duration.ofMillis(500));
    }

    @Test
    void twoHundredKeptConnectionsAreNoBurden() throws Exception {
        start(Protocol.PLAIN);
        for (int i = 0; i < 200; i++) {
            send(Protocol.PLAIN, request("/-/ready")).getInputStream().readNBytes(15);
        }

        assertOthersAnsweredFor(Protocol.PLAIN, Duration.ofMillis(500));
    }

    @Test
    void aHandshakeThatNeverEndsIsNotWaitedFor() throws Exception {
        start(Protocol.TLS);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            // the header of a ClientHello of 512 bytes, and its first
            silent.add(send(Protocol.PLAIN, "\u0016\u0003\u0001\u0002\u0000\u0001"));
        }

        assertOthersAnsweredFor(Protocol.TLS, REQUEST_TIMEOUT.plusSeconds(1));
        assertClosed(silent.getFirst());
    }

    @Test
    void plainHttpToTheTlsPortIsHungUpOn() throws Exception {
        start(Protocol.TLS);

        assertClosed(send(Protocol.PLAIN, request("/metrics")));
        assertOthersAnswered(Protocol.TLS, "/metrics");
    }

    @ParameterizedTest
    @EnumSource
    void giantHeadersAreRefused(Protocol protocol) throws Exception {
        start(protocol);
        Socket many = connect(protocol);
        Socket longHeader = connect(protocol);
        Socket line = connect(protocol);
        sendUntilClosed(many, "GET / HTTP/1.1\r\n", "A: b\r\n");
        sendUntilClosed(longHeader, "GET / HTTP/1.1\r\nA: ", "b".repeat(1000));
        sendUntilClosed(line, "GET /", "b".repeat(1000));

        assertOthersAnswered(protocol, "/metrics");
    }

    /// Sends until the server disconnects, 64 MiB at most.
    private static void sendUntilClosed(Socket socket, String start, String more) {
        try {
            socket.getOutputStream().write(start.getBytes(US_ASCII));
            byte[] some = more.getBytes(US_ASCII);
            for (int i = 0; i < (64 << 20) / some.length; i++) {
                socket.getOutputStream().write(some);
            }
        } catch (IOException e) {
            return;
        }
        throw new AssertionError("it took everything");
    }

    @ParameterizedTest
    @EnumSource
    void closingDoesNotWaitForClients(Protocol protocol) throws Exception {
        String large = "x".repeat(16 << 20);
        start(protocol);
        site.metrics = () -> large;
        for (int i = 0; i < 10; i++) {
            send(protocol, request("/metrics"));
            send(protocol, "GET /met");
        }
        Thread.sleep(500);

        long begin = System.nanoTime();
        server.close();

        assertThat(System.nanoTime() - begin).isLessThan(1_500_000_000L);
    }
}
