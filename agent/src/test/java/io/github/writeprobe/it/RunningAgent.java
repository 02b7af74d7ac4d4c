package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The shipped `writeprobe agent`, in its own process.
final class RunningAgent implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final Path work;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningAgent(Process process, Path work) {
        this.process = process;
        this.work = work;
    }

    /// Starts one on a free port, and waits until it listens.
    ///
    /// @param configuration the text of its configuration file
    static RunningAgent start(String configuration, String... options) {
        return start(Map.of(), configuration, options);
    }

    static RunningAgent start(
            Map<String, String> environment, String configuration, String... options) {
        try {
            Path work = Files.createTempDirectory("wpagent");
            Files.writeString(work.resolve("writeprobe.yml"), configuration);
            List<String> args =
                    Stream.concat(
                                    Stream.of(
                                            "agent",
                                            "--config.file",
                                            work.resolve("writeprobe.yml").toString(),
                                            "--web.listen-address",
                                            "127.0.0.1:0"),
                                    Arrays.stream(options))
                            .toList();
            ProcessBuilder builder =
                    new ProcessBuilder(Lab.command(args.toArray(String[]::new)))
                            .redirectOutput(work.resolve("out").toFile())
                            .redirectError(work.resolve("log").toFile());
            builder.environment().putAll(environment);
            RunningAgent agent = new RunningAgent(builder.start(), work);
            agent.await("listening", () -> agent.hasLogged(e -> e.has("address")));
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void configure(String configuration) {
        try {
            Files.writeString(work.resolve("writeprobe.yml"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Its log so far, one JSON object for each line.
    List<JsonNode> log() {
        try {
            List<JsonNode> events = new ArrayList<>();
            for (String line : Files.readString(work.resolve("log")).split("\n", -1)) {
                if (line.endsWith("}")) {
                    events.add(JSON.readTree(line));
                }
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasLogged(Predicate<JsonNode> event) {
        return log().stream().anyMatch(event);
    }

    /// The logged changes of a container's verdict: `new compliant`, `compliant violating`, …
    List<String> verdicts(String container) {
        return log().stream()
                .filter(e -> e.path("container").asText().equals(container) && e.has("after"))
                .map(e -> e.path("before").asText() + " " + e.path("after").asText())
                .toList();
    }

    String address() {
        return log().stream()
                .filter(e -> e.has("address"))
                .map(e -> e.path("address").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError(log()));
    }

    HttpResponse<String> send(String method, String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://" + address() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String get(String path) {
        return send("GET", path).body();
    }

    String metrics() {
        return get("/metrics");
    }

    /// The samples of a metric whose labels contain all given texts.
    List<String> samples(String metric, String... labels) {
        return Arrays.stream(metrics().split("\n", -1))
                .filter(l -> l.startsWith(metric + "{") || l.startsWith(metric + " "))
                .filter(l -> Arrays.stream(labels).allMatch(l::contains))
                .toList();
    }

    /// Whether a metric has a sample with these labels and this value.
    boolean hasSample(String metric, double value, String... labels) {
        return samples(metric, labels).stream().anyMatch(sample -> value(sample) == value);
    }

    static double value(String sample) {
        return Double.parseDouble(sample.substring(sample.lastIndexOf(' ')));
    }

    void awaitSample(String metric, double value, String... labels) {
        await(metric + List.of(labels) + " " + value, () -> hasSample(metric, value, labels));
    }

    void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0 || !process.isAlive()) {
                throw new AssertionError(
                        (process.isAlive() ? "not within " + TIMEOUT : "the agent ended before")
                                + ": "
                                + what
                                + "\n"
                                + output());
            }
            pause(Duration.ofMillis(50));
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String output() {
        try {
            return Files.readString(work.resolve("log")) + Files.readString(work.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void signal(String name) {
        Lab.run(Map.of(), List.of("kill", "-s", name, Long.toString(process.pid())));
    }

    /// Waits for its end, and returns the exit code.
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the agent still runs after " + limit + "\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (!TestedImage.name().isEmpty()) {
            // The docker client, which forwards signals that can be caught.
            process.destroy();
            process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        }
        process.destroyForcibly();
        Lab.run(Map.of(), List.of("rm", "-rf", work.toString()));
    }
}
