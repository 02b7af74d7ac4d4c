package io.github.writeprobe.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.writeprobe.web.DocumentLimiter.Place;
import io.github.writeprobe.web.PasswordCheck.Verdict;
import io.github.writeprobe.web.Routes.Request;
import io.github.writeprobe.web.WebSettings.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every request comes in and every answer goes out here.
///
/// What goes wrong with a connection is thrown: only then does the JDK's server forget it.
final class RequestHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /// The JDK's server keeps a buffer of twice what it is given at once, for each connection.
    private static final int PIECE = 1 << 15;

    /// The realm is not optional: RFC 7617, 2.
    private static final String CHALLENGE = "Basic realm=\"writeprobe\"";

    private final WebSettings settings;
    private final PasswordCheck passwords;
    private final ExchangeThreads exchanges;
    private final DocumentLimiter turns;
    private final Routes routes;
    private final EventStreams streams;
    private final boolean loopback;

    /// @param loopback whether the server can be reached from its own machine alone
    RequestHandler(
            WebSettings settings,
            PasswordCheck passwords,
            ExchangeThreads exchanges,
            Site site,
            boolean loopback) {
        this.loopback = loopback;
        this.settings = settings;
        this.passwords = passwords;
        this.exchanges = exchanges;
        this.turns = new DocumentLimiter(exchanges::hangUpOnTheSlowest);
        this.routes = new Routes(site);
        this.streams = new EventStreams(exchanges, site);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        exchanges.answering();
        // Neither can carry what a terminal would act upon.
        String what =
                exchange.getRequestMethod().replaceAll("[^A-Za-z]", "?")
                        + " "
                        + exchange.getRequestURI();
        try {
            Reading reading = settings.now();
            Optional<WebResponse> refusal = refusal(exchange, reading);
            if (refusal.isPresent()) {
                send(exchange, refusal.get(), reading);
            } else {
                admit(exchange, reading);
            }
        } catch (IOException e) {
            LOG.debug("{}: the client has gone, or was too slow", what, e);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (RuntimeException | Error e) {
            // Headers are sent last, so whatever throws this has sent none yet.
            LOG.warn("{} failed: {}", what, e, e);
            send(
                    exchange,
                    WebResponse.text(500, "This failed; the log knows more."),
                    settings.now());
        }
    }

    private Optional<WebResponse> refusal(HttpExchange exchange, Reading reading)
            throws InterruptedException {
        Optional<WebResponse> notOurs =
                HostHeaderCheck.refusal(exchange, loopback && reading.configuration().open());
        if (notOurs.isPresent()) {
            return notOurs;
        }
        if (reading.bucket().filter(bucket -> !bucket.admits()).isPresent()) {
            return Optional.of(WebResponse.text(429, "Too many requests."));
        }
        Map<String, String> users = reading.configuration().users();
        if (users.isEmpty()) {
            return Optional.empty();
        }
        Verdict verdict =
                passwords.check(users, header(exchange.getRequestHeaders(), "Authorization"));
        return switch (verdict) {
            case ACCEPTED -> Optional.empty();
            case REFUSED ->
                    Optional.of(
                            WebResponse.text(401, "Unauthorized.")
                                    .with("WWW-Authenticate", CHALLENGE));
            case BUSY -> Optional.of(WebResponse.busy());
        };
    }

    private void admit(HttpExchange exchange, Reading reading)
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
            setHeaders(exchange, Map.of(), reading);
            // Who may listen is asked anew when the files say something else: the client comes
            // back.
            if (streams.serve(exchange, () -> settings.now().equals(reading))) {
                return;
            }
        }
        if (!Routes.isLarge(path)) {
            send(exchange, routes.answer(request), reading);
            return;
        }
        Optional<Place> place = turns.place();
        if (place.isEmpty()) {
            send(exchange, WebResponse.busy(), reading);
            return;
        }
        try (Place own = place.get()) {
            Optional<WebResponse> answer = turns.make(() -> routes.answer(request), own);
            send(exchange, answer.orElseGet(WebResponse::busy), reading);
        }
    }

    /// All values of a header, as if they had been sent in one.
    private static Optional<String> header(Headers headers, String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> String.join(", ", values));
    }

    private static void send(HttpExchange exchange, WebResponse answer, Reading reading)
            throws IOException {
        setHeaders(exchange, answer.headers(), reading);
        boolean bodiless = exchange.getRequestMethod().equals("HEAD") || answer.body().length == 0;
        if (bodiless) {
            exchange.getResponseHeaders()
                    .set("Content-Length", Integer.toString(answer.body().length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        // Not closed when writing fails: that would write.
        OutputStream body = exchange.getResponseBody();
        for (int from = 0; from < answer.body().length; from += PIECE) {
            body.write(answer.body(), from, Math.min(PIECE, answer.body().length - from));
        }
        body.close();
    }

    private static void setHeaders(
            HttpExchange exchange, Map<String, String> own, Reading reading) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        own.forEach(headers::set);
        reading.configuration().headers().forEach(headers::set);
    }
}
