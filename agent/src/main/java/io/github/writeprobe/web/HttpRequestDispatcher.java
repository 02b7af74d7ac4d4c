package io.github.writeprobe.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.writeprobe.web.PasswordCheck.Decision;
import io.github.writeprobe.web.ReloadingWebConfiguration.Snapshot;
import io.github.writeprobe.web.ResponseConcurrencyLimiter.Permit;
import io.github.writeprobe.web.Routes.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles every request.
///
/// A failure of a connection is thrown: only then does the JDK's server discard the connection.
final class HttpRequestDispatcher implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /// For each connection, the JDK's server keeps a buffer of twice the size of the largest write.
    private static final int CHUNK_SIZE = 1 << 15;

    /// The realm is required: RFC 7617, 2.
    private static final String CHALLENGE = "Basic realm=\"writeprobe\"";

    private final ReloadingWebConfiguration settings;
    private final PasswordCheck passwords;
    private final ExchangeTimeoutExecutor exchanges;
    private final ResponseConcurrencyLimiter documentLimiter;
    private final Routes routes;
    private final ServerSentEventSender streams;
    private final boolean loopbackOnly;

    /// @param loopbackOnly whether the server is reachable only from its own machine
    HttpRequestDispatcher(
            ReloadingWebConfiguration settings,
            PasswordCheck passwords,
            ExchangeTimeoutExecutor exchanges,
            SiteContent site,
            boolean loopbackOnly) {
        this.loopbackOnly = loopbackOnly;
        this.settings = settings;
        this.passwords = passwords;
        this.exchanges = exchanges;
        this.documentLimiter = new ResponseConcurrencyLimiter(exchanges::interruptSlowest);
        this.routes = new Routes(site);
        this.streams = new ServerSentEventSender(exchanges, site);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        exchanges.startResponse();
        // Neither part can contain characters that a terminal interprets.
        String requestLine =
                exchange.getRequestMethod().replaceAll("[^A-Za-z]", "?")
                        + " "
                        + exchange.getRequestURI();
        try {
            Snapshot snapshot = settings.current();
            Optional<WebResponse> refusal = refusal(exchange, snapshot);
            if (refusal.isPresent()) {
                send(exchange, refusal.get(), snapshot);
            } else {
                dispatch(exchange, snapshot);
            }
        } catch (IOException e) {
            LOG.debug("{}: the client disconnected, or was too slow", requestLine, e);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (RuntimeException | Error e) {
            // Headers are sent last, so none has been sent when this is thrown.
            LOG.warn("{} failed: {}", requestLine, e, e);
            send(
                    exchange,
                    WebResponse.text(500, "Internal error. See the log of the agent."),
                    settings.current());
        }
    }

    private Optional<WebResponse> refusal(HttpExchange exchange, Snapshot snapshot)
            throws InterruptedException {
        Optional<WebResponse> hostRefusal =
                HostAndOriginCheck.refusal(
                        exchange, loopbackOnly && snapshot.configuration().isAnonymousAllowed());
        if (hostRefusal.isPresent()) {
            return hostRefusal;
        }
        if (snapshot.bucket().filter(bucket -> !bucket.tryAcquire()).isPresent()) {
            return Optional.of(WebResponse.text(429, "Too many requests."));
        }
        Map<String, String> users = snapshot.configuration().users();
        if (users.isEmpty()) {
            return Optional.empty();
        }
        Decision decision =
                passwords.check(users, header(exchange.getRequestHeaders(), "Authorization"));
        return switch (decision) {
            case ACCEPTED -> Optional.empty();
            case REFUSED ->
                    Optional.of(
                            WebResponse.text(401, "Unauthorized.")
                                    .withHeader("WWW-Authenticate", CHALLENGE));
            case BUSY -> Optional.of(WebResponse.busy());
        };
    }

    private void dispatch(HttpExchange exchange, Snapshot snapshot)
            throws IOException, InterruptedException {
        Headers headers = exchange.getRequestHeaders();
        String path = String.valueOf(exchange.getRequestURI().getPath());
        Request request =
                new Request(
                        exchange.getRequestMethod(),
                        path,
                        header(headers, "Accept"),
                        header(headers, "Accept-Encoding").orElse(""),
                        header(headers, "If-None-Match").orElse(""));
        if (Routes.isStream(request)) {
            setHeaders(exchange, Map.of(), snapshot);
            // The stream ends when the web configuration changes; the client reconnects, and is
            // authenticated again.
            if (streams.serve(exchange, () -> settings.current().equals(snapshot))) {
                return;
            }
        }
        if (!Routes.isLarge(path)) {
            send(exchange, routes.handle(request), snapshot);
            return;
        }
        Optional<Permit> permit = documentLimiter.acquire();
        if (permit.isEmpty()) {
            send(exchange, WebResponse.busy(), snapshot);
            return;
        }
        try (Permit held = permit.get()) {
            Optional<WebResponse> response =
                    documentLimiter.render(() -> routes.handle(request), held);
            send(exchange, response.orElseGet(WebResponse::busy), snapshot);
        }
    }

    /// All values of a header, joined into one.
    private static Optional<String> header(Headers headers, String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> String.join(", ", values));
    }

    private static void send(HttpExchange exchange, WebResponse response, Snapshot snapshot)
            throws IOException {
        setHeaders(exchange, response.headers(), snapshot);
        boolean bodiless =
                exchange.getRequestMethod().equals("HEAD") || response.body().length == 0;
        if (bodiless) {
            exchange.getResponseHeaders()
                    .set("Content-Length", Integer.toString(response.body().length));
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(response.status(), response.body().length);
        // Not closed if writing fails, because closing writes.
        OutputStream body = exchange.getResponseBody();
        for (int from = 0; from < response.body().length; from += CHUNK_SIZE) {
            body.write(response.body(), from, Math.min(CHUNK_SIZE, response.body().length - from));
        }
        body.close();
    }

    private static void setHeaders(
            HttpExchange exchange, Map<String, String> responseHeaders, Snapshot snapshot) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        responseHeaders.forEach(headers::set);
        snapshot.configuration().headers().forEach(headers::set);
    }
}
