package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.writeprobe.config.ListenAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The server's responses to well-behaved clients.
class WebServerTest {
    private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static FakeSite site = new FakeSite();
    private static WebServer server;

    private final FakeSite fresh = new FakeSite();

    @BeforeAll
    static void start() throws Exception {
        server = WebServer.start(ANY_PORT, Optional.empty(), site);
    }

    @AfterAll
    static void stop() {
        server.close();
        CLIENT.close();
    }

    @BeforeEach
    void reset() {
        site.metrics = fresh.metrics;
        site.notReadyReason = Optional.empty();
        site.unhealthyReason = Optional.empty();
        site.mistakes = List.of();
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                        .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200, text/html; charset=utf-8",
        "GET, /metrics, 200, text/plain; version=0.0.4",
        "GET, /metrics?name%5B%5D=x, 200, text/plain; version=0.0.4",
        "GET, /metrics?name=x, 200, text/plain; version=0.0.4",
        "GET, /api/v1/report, 200, application/json",
        "GET, /-/healthy, 200, text/plain; charset=utf-8",
        "GET, /-/ready, 200, text/plain; charset=utf-8",
        "POST, /-/reload, 200, text/plain; charset=utf-8",
        "PUT, /-/reload, 200, text/plain; charset=utf-8",
        "GET, /-/reload, 405, text/plain; charset=utf-8",
        "POST, /metrics, 405, text/plain; charset=utf-8",
        "DELETE, /, 405, text/plain; charset=utf-8",
        "BREW, /-/ready, 405, text/plain; charset=utf-8",
        "GET, /metricsfoo, 404, text/plain; charset=utf-8",
        "GET, /metrics/, 404, text/plain; charset=utf-8",
        "POST, /api/v1/events, 405, text/plain; charset=utf-8",
        "GET, /api/v1, 404, text/plain; charset=utf-8",
        "POST, /nowhere, 404, text/plain; charset=utf-8"
    })
    void eachPathAnswersItsMethods(String method, String path, int status, String type)
            throws Exception {
        HttpResponse<byte[]> response = send(method, path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/api/v1/report", "/-/healthy", "/-/ready"})
    void headIsGetWithoutABody(String path) throws Exception {
        HttpResponse<byte[]> got = send("GET", path);
        HttpResponse<byte[]> head = send("HEAD", path);

        assertThat(head.body()).isEmpty();
        assertThat(head.statusCode()).isEqualTo(got.statusCode());
        assertThat(header(head, "Content-Length"))
                .isEqualTo(Integer.toString(got.body().length))
                .isEqualTo(header(got, "Content-Length"));
    }

    @Test
    void aMethodThatIsNotAllowedIsAnsweredWithTheAllowedOnes() throws Exception {
        assertThat(header(send("GET", "/-/reload"), "Allow")).isEqualTo("POST, PUT");
        assertThat(header(send("POST", "/metrics"), "Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void theAcceptHeaderReachesTheSite() throws Exception {
        assertThat(
                        header(
                                send("GET", "/metrics", "Accept", "application/openmetrics-text"),
                                "Content-Type"))
                .isEqualTo("application/openmetrics-text");
    }

    @Test
    void nothingIsCachedOrGuessed() throws Exception {
        HttpResponse<byte[]> homePage = send("GET", "/");

        assertThat(header(homePage, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(homePage, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(homePage, "Content-Security-Policy")).startsWith("default-src 'none'");
    }

    @Test
    void whatAClientHasAlreadyIsNotSentAgain() throws Exception {
        HttpResponse<byte[]> first = send("GET", "/");
        String tag = header(first, "ETag");

        HttpResponse<byte[]> second = send("GET", "/", "If-None-Match", "\"other\", " + tag);

        assertThat(text(first)).isEqualTo(site.homePage);
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(header(second, "ETag")).isEqualTo(tag);
        assertThat(send("GET", "/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void notReadyOrUnhealthyIsAnsweredWithTheReason() throws Exception {
        site.notReadyReason = Optional.of("no cycle yet");
        site.unhealthyReason = Optional.of("the engine is gone");

        assertThat(send("GET", "/-/ready").statusCode()).isEqualTo(503);
        assertThat(text(send("GET", "/-/ready"))).isEqualTo("no cycle yet\n");
        assertThat(send("HEAD", "/-/healthy").statusCode()).isEqualTo(503);
        assertThat(text(send("GET", "/-/healthy"))).isEqualTo("the engine is gone\n");
    }

    @Test
    void aBadConfigurationIsAnsweredWithItsMistakes() throws Exception {
        site.mistakes = List.of("a:1:1: x", "a:2:1: y");

        HttpResponse<byte[]> response = send("POST", "/-/reload");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response)).isEqualTo("a:1:1: x\na:2:1: y\n");
    }

    @Test
    void largeResponseIsCompressedIfTheClientAcceptsGzip() throws Exception {
        site.metrics = () -> "up 1\n".repeat(1000);

        HttpResponse<byte[]> response = send("GET", "/metrics", "Accept-Encoding", "gzip");

        assertThat(header(response, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.body()).hasSizeLessThan(500);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(site.metrics.get());
        }
    }

    @Test
    void othersGetItAsItIs() throws Exception {
        site.metrics = () -> "up 1\n".repeat(1000);

        HttpResponse<byte[]> response = send("GET", "/metrics", "Accept-Encoding", "gzip;q=0");

        assertThat(header(response, "Content-Encoding")).isEmpty();
        assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(text(response)).isEqualTo(site.metrics.get());
    }

    @Test
    void aSmallAnswerIsNotCompressed() throws Exception {
        assertThat(header(send("GET", "/metrics", "Accept-Encoding", "gzip"), "Content-Encoding"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | false",
                "gzip | true",
                "GZIP | true",
                "x-gzip | true",
                "deflate, gzip | true",
                "gzip;q=1.0 | true",
                "gzip ; q=0.001 | true",
                "gzip;q=0 | false",
                "gzip; q=0.000 | false",
                "* | true",
                "*;q=0 | false",
                "*, gzip;q=0 | false",
                "*;q=0, gzip | true",
                "identity | false",
                "gzipped | false",
                ",,; q=1 | false",
                "br;q=1.0, gzip;q=0.8, *;q=0.1 | true"
            })
    void acceptEncodingIsReadAsItIsMeant(String header, boolean gzip) {
        assertThat(AcceptEncoding.acceptsGzip(header)).isEqualTo(gzip);
    }

    @Test
    void aSiteThatThrowsIsAnErrorOfOneAnswer() throws Exception {
        site.metrics =
                () -> {
                    throw new IllegalStateException("broken");
                };
        assertThat(send("GET", "/metrics").statusCode()).isEqualTo(500);
        site.metrics =
                () -> {
                    throw new StackOverflowError("broken");
                };
        assertThat(send("GET", "/metrics").statusCode()).isEqualTo(500);
        site.metrics = fresh.metrics;

        assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void fiftyScrapesAtOnceAllSucceed() {
        site.metrics = () -> "up 1\n".repeat(20_000);
        List<CompletableFuture<Integer>> scrapes =
                IntStream.range(0, 50)
                        .mapToObj(i ->
                                CompletableFuture.supplyAsync(() -> {
                                    try {
                                        return send("GET", "/metrics").statusCode();
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                }))
                        .toList();

        assertThat(scrapes.stream().map(CompletableFuture::join)).containsOnly(200);
    }

    @Test
    void aPortInUseIsReported() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(line("127.0.0.1", other.getLocalPort()))
                    .isEqualTo(
                            "cannot listen on 127.0.0.1:%1$d: another program uses port %1$d; stop it, or set another port with --web.listen-address or web.listen-address"
                                    .formatted(other.getLocalPort()));
        }
    }

    @Test
    void anAddressOfAnotherMachineIsReported() {
        assertThat(line("192.0.2.1", 9714))
                .isEqualTo(
                        "cannot listen on 192.0.2.1:9714: this machine does not have the address 192.0.2.1; set one that it has, or :9714 for all of them, with --web.listen-address or web.listen-address");
    }

    @Test
    void anUnknownHostIsReported() {
        assertThat(line("nosuchhost.invalid", 9714))
                .isEqualTo(
                        "cannot listen on nosuchhost.invalid:9714: the host name cannot be resolved; correct it, or set another address with --web.listen-address or web.listen-address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"permission denied", "keine berechtigung"})
    void aPortForRootOnlyIsReported(String message) {
        assertThat(
                        ListenAddressResolver.reason(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 80),
                                true,
                                message))
                .startsWith("permission denied for a port below 1024; set a higher port");
    }

    private static String line(String host, int port) {
        return catchThrowableOfType(
                        UnusableListenAddress.class,
                        () ->
                                WebServer.start(
                                                new ListenAddress(host, port),
                                                Optional.empty(),
                                                site)
                                        .close())
                .line();
    }

    @Test
    void closingEndsRunningRequestsSoon() throws Exception {
        FakeSite hanging = new FakeSite();
        CompletableFuture<Boolean> called = new CompletableFuture<>();
        hanging.metrics =
                () -> {
                    called.complete(true);
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return "";
                };
        WebServer closing = WebServer.start(ANY_PORT, Optional.empty(), hanging);
        URI uri = URI.create("http://127.0.0.1:" + closing.address().getPort() + "/metrics");
        CompletableFuture<HttpResponse<String>> answer =
                CLIENT.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        InetSocketAddress listening = closing.address();
        called.join();

        long start = System.nanoTime();
        closing.close();

        assertThat(System.nanoTime() - start).isLessThan(1_500_000_000);
        assertThat(answer.handle((a, e) -> e).join()).hasRootCauseInstanceOf(IOException.class);
        assertThat(isOpen(listening)).isFalse();
    }

    private static boolean isOpen(InetSocketAddress address) {
        try {
            new Socket(address.getAddress(), address.getPort()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void itIsOpenWhereOtherMachinesReachItAndNothingIsAskedOfThem(@TempDir Path directory)
            throws Exception {
        Path password =
                Files.writeString(
                        directory.resolve("web.yml"),
                        "basic_auth_users: {a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}\n");
        ListenAddress everywhere = new ListenAddress("", 0);
        assertThat(server.isOpenToNetwork()).isFalse();
        try (WebServer published = WebServer.start(everywhere, Optional.empty(), fresh)) {
            assertThat(published.isOpenToNetwork()).isTrue();
        }
        try (WebServer guarded = WebServer.start(everywhere, Optional.of(password), fresh)) {
            assertThat(guarded.isOpenToNetwork()).isFalse();
        }
    }
}
