package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

/// A real Prometheus scrapes a real agent on a real engine, with the shipped configuration and
/// rules. Only the minutes are replaced by seconds.
class PrometheusIT {
    private static final Path SHIPPED = Path.of("..", "config", "prometheus").toAbsolutePath();
    private static final JsonMapper JSON = new JsonMapper();

    /// Prometheus with the shipped files, in its own directory.
    private static final class Prometheus implements AutoCloseable {
        private final Path work;
        private final int port;
        private final Process process;
        private final HttpClient http = HttpClient.newHttpClient();

        Prometheus(String target, String more) throws IOException {
            work = Files.createTempDirectory("wpprometheus");
            for (String rules : List.of("alerts.yml", "recording.yml")) {
                String text = Files.readString(SHIPPED.resolve(rules));
                Files.writeString(work.resolve(rules), text.replaceAll("\\b([0-9]+)m\\b", "$1s"));
            }
            String configuration =
                    Files.readString(SHIPPED.resolve("prometheus.yml"))
                            .replaceAll("(?m)^ *#.*\n", "")
                            .replace("interval: 30s", "interval: 1s")
                            .replace("127.0.0.1:9714", target)
                            .replaceAll("(?s)alerting:.*?\n\n", "");
            configuration =
                    configuration.replace(
                            "  - job_name: writeprobe\n", "  - job_name: writeprobe\n" + more);
            Files.writeString(work.resolve("prometheus.yml"), configuration);
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            process =
                    new ProcessBuilder(
                                    "prometheus",
                                    "--config.file=" + work.resolve("prometheus.yml"),
                                    "--storage.tsdb.path=" + work.resolve("data"),
                                    "--web.listen-address=127.0.0.1:" + port)
                            .redirectErrorStream(true)
                            .redirectOutput(work.resolve("log").toFile())
                            .start();
        }

        JsonNode get(String path) {
            try {
                return JSON.readTree(
                                http.send(
                                                HttpRequest.newBuilder(
                                                                URI.create(
                                                                        "http://127.0.0.1:"
                                                                                + port
                                                                                + path))
                                                        .timeout(Duration.ofSeconds(5))
                                                        .build(),
                                                HttpResponse.BodyHandlers.ofString(UTF_8))
                                        .body())
                        .path("data");
            } catch (IOException notYet) {
                return JSON.createObjectNode();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        boolean firing(String alert, Predicate<JsonNode> labels) {
            return StreamSupport.stream(get("/api/v1/alerts").path("alerts").spliterator(), false)
                    .anyMatch(a ->
                            a.path("state").asText().equals("firing")
                                    && a.path("labels").path("alertname").asText().equals(alert)
                                    && labels.test(a.path("labels")));
        }

        void await(String what, BooleanSupplier condition) {
            long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - until > 0) {
                    throw new AssertionError(
                            "not seen: " + what + "\n" + get("/api/v1/alerts") + "\n" + log());
                }
                RunningAgent.pause(Duration.ofMillis(200));
            }
        }

        private String log() {
            try {
                return Files.readString(work.resolve("log"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            Lab.run(Map.of(), List.of("rm", "-rf", work.toString()));
        }
    }

    @Test
    void aRemountFiresTheAlertAndTheContainersEndResolvesIt() throws Exception {
        try (Lab lab = Lab.open();
                RunningAgent agent =
                        RunningAgent.start("probe: {interval: 1s, exec-interval: 1s}\n");
                Prometheus prometheus = new Prometheus(agent.address(), "")) {
            String container = lab.start(Image.BUSYBOX, "--read-only");
            Predicate<JsonNode> ours = l -> l.path("container").asText().equals(container);
            prometheus.await(
                    "the container",
                    () ->
                            prometheus
                                    .get(
                                            "/api/v1/query?query=writeprobe_container_compliant%3D%3D1")
                                    .toString()
                                    .contains(container));
            assertThat(prometheus.firing("WriteprobeDrift", ours)).isFalse();
            lab.mount(container, "-o", "remount,bind,rw", "/");
            prometheus.await("the alert", () -> prometheus.firing("WriteprobeDrift", ours));
            assertThat(
                            prometheus.firing(
                                    "WriteprobeDrift",
                                    l ->
                                            ours.test(l)
                                                    && l.path("severity")
                                                            .asText()
                                                            .equals("critical")
                                                    && l.path("path").asText().equals("/")
                                                    && l.path("image")
                                                            .asText()
                                                            .equals(lab.image(Image.BUSYBOX))))
                    .isTrue();
            lab.docker("rm", "-f", container);
            prometheus.await("the alert's end", () -> !prometheus.firing("WriteprobeDrift", ours));
            assertThat(prometheus.firing("WriteprobeAgentDown", l -> true)).isFalse();
            agent.signal("KILL");
            prometheus.await(
                    "the agent's end", () -> prometheus.firing("WriteprobeAgentDown", l -> true));
        }
    }

    /// With the steps of docs/web.md.
    @Test
    void itScrapesOverTlsWithAPassword() throws Exception {
        Path work = Files.createTempDirectory("wptls");
        try (Lab lab = Lab.open()) {
            Lab.Run made =
                    Lab.run(
                            Map.of(),
                            List.of(
                                    "sh",
                                    "-c",
                                    "cd \"$1\" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=agent -addext subjectAltName=IP:127.0.0.1 2>&1",
                                    "lab",
                                    work.toString()));
            assertThat(made.code()).as(made.out()).isZero();
            byte[] salt = new byte[16];
            ThreadLocalRandom.current().nextBytes(salt);
            Files.writeString(
                    work.resolve("web.yml"),
                    """
                    tls_server_config: {cert_file: cert.pem, key_file: key.pem}
                    basic_auth_users:
                      prometheus: %s
                    """
                            .formatted(
                                    OpenBSDBCrypt.generate(
                                            "2y", "secret".toCharArray(), salt, 10)));
            String container = lab.start(Image.BUSYBOX, "--read-only");
            try (RunningAgent agent =
                            RunningAgent.start(
                                    "probe: {interval: 1s}\n",
                                    "--web.config.file",
                                    work.resolve("web.yml").toString());
                    Prometheus prometheus =
                            new Prometheus(
                                    agent.address(),
                                    """
                                        scheme: https
                                        tls_config: {ca_file: %s/cert.pem}
                                        basic_auth: {username: prometheus, password: secret}
                                    """
                                            .formatted(work))) {
                prometheus.await(
                        "the container",
                        () ->
                                prometheus
                                        .get(
                                                "/api/v1/query?query=writeprobe_container_verified%3D%3D1")
                                        .toString()
                                        .contains(container));
            }
        } finally {
            Lab.run(Map.of(), List.of("rm", "-rf", work.toString()));
        }
    }
}
