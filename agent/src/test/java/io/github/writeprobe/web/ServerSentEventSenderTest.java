package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.config.ListenAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Event streams as clients receive them.
class ServerSentEventSenderTest {
    private final FakeSite site = new FakeSite();
    private final List<Listener> listeners = new ArrayList<>();
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        // A response may take one second; a stream lasts much longer.
        server =
                WebServer.start(
                        new ListenAddress("127.0.0.1", 0),
                        Optional.empty(),
                        site,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (Listener listener : listeners) {
            listener.socket.close();
        }
    }

    private final class Listener {
        private final Socket socket;
        private final BufferedReader in;

        Listener() throws IOException {
            socket = new Socket(server.address().getAddress(), server.address().getPort());
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(UTF_8));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            listeners.add(this);
        }

        /// The lines up to and including the first one with this prefix.
        List<String> readUntil(String start) throws IOException {
            List<String> lines = new ArrayList<>();
            while (lines.isEmpty() || !lines.getLast().startsWith(start)) {
                String line = in.readLine();
                if (line == null) {
                    throw new IOException("ended: " + lines);
                }
                lines.add(line);
            }
            return lines;
        }
    }

    @Test
    void aClientReceivesTheStateAndThenItsChanges() throws Exception {
        Listener listener = new Listener();

        assertThat(listener.readUntil("data: 1"))
                .contains("HTTP/1.1 200 OK", "retry: 2000", "event: state");
        site.generation = "2";
        assertThat(listener.readUntil("data: 2")).contains("event: state");
    }

    @Test
    void aStreamOutlivesTheTimeForAnAnswerAndGivesSignsOfLife() throws Exception {
        Listener listener = new Listener();
        listener.readUntil("data: 1");

        assertThat(listener.readUntil("event: alive")).doesNotContain("event: state");
    }

    @Test
    void tooManyClientsAreRefusedWithRetryAfter() throws Exception {
        for (int i = 0; i < ServerSentEventSender.MAX_CLIENTS; i++) {
            new Listener().readUntil("data: 1");
        }

        assertThat(new Listener().readUntil("Retry-after"))
                .contains("HTTP/1.1 503 Service Unavailable");
    }

    @Test
    void disconnectedClientFreesItsSlot() throws Exception {
        List<Listener> first =
                Stream.generate(() -> 0)
                        .limit(ServerSentEventSender.MAX_CLIENTS)
                        .map(i -> listener())
                        .toList();
        for (Listener listener : first) {
            listener.readUntil("data: 1");
            listener.socket.close();
        }
        // Two writes detect the closed connection: the first one only fills the buffer.
        for (int i = 2; i <= 4; i++) {
            site.generation = Integer.toString(i);
            Thread.sleep(700);
        }

        assertThat(new Listener().readUntil("data: 4")).contains("HTTP/1.1 200 OK");
    }

    private Listener listener() {
        try {
            return new Listener();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void streamsDoNotKeepTheServerFromClosing() throws Exception {
        new Listener().readUntil("data: 1");
        long start = System.nanoTime();

        server.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
}
