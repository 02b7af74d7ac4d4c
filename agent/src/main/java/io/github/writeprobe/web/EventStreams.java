package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/// Clients that are told as soon as the site shows something else, by server-sent events.
///
/// An event names the state of things and does not carry it, so none that is missed is missing.
/// Between two events to a client there is [#PAUSE] at least, whatever happens meanwhile. The sign
/// of life is an event too, since a browser keeps comments from the page; it also finds out who has
/// hung up.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
///   events</a>
final class EventStreams {
    static final int MOST = 32;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);
    private static final String RETRY = "retry: 2000\n\n";

    private final Semaphore free = new Semaphore(MOST);
    private final ExchangeThreads exchanges;
    private final Site site;

    EventStreams(ExchangeThreads exchanges, Site site) {
        this.exchanges = exchanges;
        this.site = site;
    }

    /// Tells a client until it has gone, or may not listen any more. Its headers are set.
    ///
    /// @param may whether it may still listen
    /// @return false if there are too many already, and then nothing was sent
    /// @throws IOException when the client has gone, or takes nothing for too long
    boolean serve(HttpExchange exchange, BooleanSupplier may)
            throws IOException, InterruptedException {
        if (!free.tryAcquire()) {
            return false;
        }
        try {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/event-stream; charset=utf-8");
            // Or a proxy may wait until it has a buffer full.
            headers.set("X-Accel-Buffering", "no");
            exchange.sendResponseHeaders(200, 0);
            tell(exchange.getResponseBody(), may);
            return true;
        } finally {
            free.release();
        }
    }

    private void tell(OutputStream out, BooleanSupplier may)
            throws IOException, InterruptedException {
        String told = "";
        long next = System.nanoTime() + SIGN_OF_LIFE.toNanos();
        send(out, RETRY);
        while (may.getAsBoolean()) {
            String now = site.generation();
            if (!now.equals(told)) {
                send(out, event("state", now));
                told = now;
            } else if (System.nanoTime() - next > 0) {
                send(out, event("alive", Instant.now().toString()));
                next = System.nanoTime() + SIGN_OF_LIFE.toNanos();
            }
            Thread.sleep(PAUSE);
        }
        out.close();
    }

    private void send(OutputStream out, String text) throws IOException {
        exchanges.answering();
        out.write(text.getBytes(UTF_8));
        out.flush();
        exchanges.waiting();
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }
}
