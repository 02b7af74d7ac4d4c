package io.github.writeprobe.docker.clone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.Endpoint;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Removal from a slow engine, such as one under load.
class ResourceRemoverTest {
    private final Set<String> containers = ConcurrentHashMap.newKeySet();
    private final Map<String, String> networks = new ConcurrentHashMap<>();
    private final CountDownLatch createRequested = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Duration creationTime = Duration.ZERO;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger brokenConnections = new AtomicInteger();
    private volatile boolean creationFails;
    private HttpServer server;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        engine = DockerEngines.open(List.of(host()), Map.of(), Duration.ofSeconds(10)).getFirst();
    }

    private String host() {
        return "tcp://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        engine.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Optional<String> query = Optional.ofNullable(exchange.getRequestURI().getQuery());
        try (exchange) {
            if (path.endsWith("/version")) {
                respond(exchange, 200, "{\"Version\":\"1\",\"ApiVersion\":\"1.41\"}");
            } else if (path.contains("/networks")) {
                answerAboutNetworks(exchange, path.replaceFirst(".*/networks/?", ""));
            } else if (path.endsWith("/create")) {
                createRequested.countDown();
                if (creationFails) {
                    respond(exchange, 500, "{\"message\":\"timed out\"}");
                }
                Thread.sleep(creationTime);
                containers.add(query.orElseThrow().replace("name=", ""));
                if (!creationFails) {
                    respond(exchange, 201, "{}");
                }
            } else if (exchange.getRequestMethod().equals("DELETE")
                    && brokenConnections.getAndDecrement() > 0) {
                exchange.close();
            } else if (exchange.getRequestMethod().equals("DELETE")) {
                remove(exchange, path.substring(path.lastIndexOf('/') + 1));
            } else if (path.endsWith("/json")) {
                respond(exchange, 200, "{}");
            } else {
                respond(exchange, 500, "{\"message\":\"not here\"}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// As Docker answers: a network is removed by its id, or by a name that no other one has.
    private void answerAboutNetworks(HttpExchange exchange, String reference) throws IOException {
        List<String> ids =
                networks.entrySet().stream()
                        .filter(n -> n.getKey().equals(reference) || n.getValue().equals(reference))
                        .map(Map.Entry::getKey)
                        .toList();
        if (exchange.getRequestMethod().equals("GET")) {
            respond(
                    exchange,
                    200,
                    networks.entrySet().stream()
                            .map(n ->
                                    "{\"Id\":\"%s\",\"Name\":\"%s\"}"
                                            .formatted(n.getKey(), n.getValue()))
                            .collect(Collectors.joining(",", "[", "]")));
        } else if (ids.size() > 1) {
            respond(exchange, 400, "{\"message\":\"network is ambiguous (2 matches found)\"}");
        } else if (ids.isEmpty()) {
            respond(exchange, 404, "{\"message\":\"no such network\"}");
        } else {
            networks.remove(ids.getFirst());
            respond(exchange, 204, "");
        }
    }

    private void remove(HttpExchange exchange, String name) throws IOException {
        if (!containers.contains(name)) {
            respond(exchange, 404, "{\"message\":\"no such container\"}");
        } else if (refusals.getAndDecrement() > 0) {
            respond(exchange, 409, "{\"message\":\"it is just starting\"}");
        } else {
            containers.remove(name);
            respond(exchange, 204, "");
        }
    }

    private static void respond(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        byte[] body = json.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void run() throws InterruptedException {
        engine.sidecars()
                .run("image", "a".repeat(64), List.of("true"), Duration.ofSeconds(20), 1000);
    }

    @Test
    void containerCreatedAfterTheInterruptIsRemoved() throws Exception {
        creationTime = Duration.ofMillis(700);
        Thread thread =
                Thread.ofVirtual()
                        .start(() ->
                                assertThatThrownBy(this::run)
                                        .isInstanceOf(InterruptedException.class));
        assertThat(createRequested.await(10, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        Thread.sleep(creationTime);
        assertThat(containers).isEmpty();
    }

    /// The engine may carry out a request that it answers with an error.
    @Test
    void whatAnEngineMakesInSpiteOfItsErrorIsRemoved() throws Exception {
        creationFails = true;
        creationTime = Duration.ofMillis(300);
        run();
        Thread.sleep(Duration.ofSeconds(1));
        assertThat(containers).isEmpty();
    }

    /// A request that was cut off may have been carried out, and then again.
    @Test
    void networksWithTheSameNameAreAllRemoved() throws Exception {
        networks.putAll(Map.of("1", "writeprobe-a", "2", "writeprobe-a", "3", "other"));
        Endpoint endpoint = new Endpoint(host(), URI.create(host()), Optional.empty());
        try (HttpTransport transport = new HttpTransport(endpoint)) {
            assertThat(
                            new ResourceRemover(new DockerApiClient(endpoint, transport))
                                    .remove("/networks/writeprobe-a"))
                    .isTrue();
        }
        assertThat(networks).containsOnlyKeys("3");
    }

    /// An interrupt closes connections, and the next request may get one of them.
    @Test
    void aRemovalWithoutAnAnswerIsTriedAgain() throws Exception {
        brokenConnections.set(2);
        run();
        assertThat(containers).isEmpty();
        assertThat(brokenConnections.get()).isNegative();
    }

    @Test
    void aRemovalThatIsRefusedIsTriedAgain() throws Exception {
        refusals.set(3);
        run();
        assertThat(containers).isEmpty();
        assertThat(refusals.get()).isNegative();
    }
}
