package io.github.writeprobe.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that pages of other hosts send, by DNS rebinding and by CSRF.
class HostAndOriginCheckTest {
    private static WebServer server;

    @BeforeAll
    static void start() throws Exception {
        server =
                WebServer.start(
                        new ListenAddress("127.0.0.1", 0), Optional.empty(), new FakeSite());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// @param lines without the final empty line; `|` ends a line
    private static int status(WebServer server, String lines) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(30_000);
            String request = lines.replace("|", "\r\n") + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return Integer.parseInt(new String(first, StandardCharsets.US_ASCII).substring(9));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:9714",
                "LocalHost:9714",
                "localhost.",
                "localhost:",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.1.2.3",
                "[::1]",
                "[::1]:9714",
                "[0:0:0:0:0:0:0:1]"
            })
    void loopbackHostNamesAreAnswered(String host) throws IOException {
        assertThat(status(server, "GET /api/v1/report HTTP/1.1|Host: " + host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9714",
                "EVIL.example.",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.evil.example",
                "a.localhost",
                "10.0.0.1",
                "0.0.0.0",
                "127.0.0.256",
                "127.1",
                "2130706433",
                "[::2]",
                "[::1",
                "localhost:80:80",
                "user@localhost",
                "localhost@evil.example",
                "localhost evil.example",
                "localhost, evil.example",
                "localhost/../evil"
            })
    void anyOtherIsNot(String host) throws IOException {
        assertThat(status(server, "GET /api/v1/report HTTP/1.1|Host: " + host)).isEqualTo(421);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "HEAD, /",
        "GET, /metrics",
        "GET, /api/v1/report",
        "GET, /api/v1/events",
        "GET, /-/healthy",
        "GET, /-/ready",
        "POST, /-/reload",
        "GET, /nowhere"
    })
    void onEveryPath(String method, String path) throws IOException {
        assertThat(status(server, method + " " + path + " HTTP/1.1|Host: evil.example"))
                .isEqualTo(421);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /metrics HTTP/1.1, 400",
        "GET /metrics HTTP/1.1|Host: localhost|Host: evil.example, 400",
        "GET /metrics HTTP/1.1|Host: localhost|Host: localhost, 400",
        "GET /metrics HTTP/1.1|Host:, 421",
        "GET /metrics HTTP/1.0, 200",
        "GET /metrics HTTP/1.0|Host: evil.example, 421",
        "GET http://localhost/metrics HTTP/1.1|Host: localhost, 200",
        "GET http://LOCALHOST:80/metrics HTTP/1.1|Host: localhost, 200",
        "GET http://evil.example/metrics HTTP/1.1|Host: localhost, 421",
        "GET http://localhost/metrics HTTP/1.1|Host: evil.example, 421",
        "GET //evil.example/metrics HTTP/1.1|Host: localhost, 421"
    })
    void inWhateverFormTheHostIsNamed(String request, int status) throws IOException {
        assertThat(status(server, request)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "POST /-/reload HTTP/1.1|Host: localhost:1|Origin: http://localhost:1, 200",
        "POST /-/reload HTTP/1.1|Host: localhost:1|Origin: HTTP://LOCALHOST:1, 200",
        "POST /-/reload HTTP/1.1|Host: localhost:1|Origin: http://localhost:2, 403",
        "POST /-/reload HTTP/1.1|Host: localhost|Origin: http://evil.example, 403",
        "PUT /-/reload HTTP/1.1|Host: localhost|Origin: null, 403",
        "POST /-/reload HTTP/1.1|Host: localhost|Origin: , 403",
        "POST /-/reload HTTP/1.1|Host: localhost|Origin: http://localhost|Origin: http://evil, 403",
        "GET /metrics HTTP/1.1|Host: localhost|Origin: http://evil.example, 200"
    })
    void aPageOfAnotherHostMayNotHaveAnythingDone(String request, int status) throws IOException {
        assertThat(status(server, request)).isEqualTo(status);
    }

    @Test
    void anyHostHeaderIsAcceptedWithAuthentication(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("web.yml");
        Files.writeString(
                file,
                "basic_auth_users: {a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}");
        try (WebServer closed =
                WebServer.start(
                        new ListenAddress("127.0.0.1", 0), Optional.of(file), new FakeSite())) {
            assertThat(status(closed, "GET /metrics HTTP/1.1|Host: node1.example")).isEqualTo(401);
        }
    }

    /// A server on such an address is meant to be reached by others, and the names that they use
    /// are not known.
    @Test
    void anyHostHeaderIsAcceptedOffLoopback() throws Exception {
        try (WebServer open =
                WebServer.start(new ListenAddress("", 0), Optional.empty(), new FakeSite())) {
            assertThat(status(open, "GET /metrics HTTP/1.1|Host: node1.example")).isEqualTo(200);
            assertThat(
                            status(
                                    open,
                                    "POST /-/reload HTTP/1.1|Host: node1.example|Origin: http://evil.example"))
                    .isEqualTo(403);
        }
    }
}
