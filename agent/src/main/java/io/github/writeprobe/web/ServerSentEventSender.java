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

/// Server-sent events, which notify clients as soon as the content of the site changes.
///
/// An event identifies the state and does not contain it, so a missed event does no harm. Events to
/// a client are at least [#MIN_INTERVAL] apart. The heartbeat is an event too, because a browser
/// does not pass comments on to the page. It also detects clients that have disconnected.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
///   events</a>
final class ServerSentEventSender {
    static final int MAX_CLIENTS = 32;
    private static final Duration MIN_INTERVAL = Duration.ofMillis(500);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);
    private static final String RETRY = "retry: 2000\n\n";

    private final Semaphore freeSlots = new Semaphore(MAX_CLIENTS);
    private final ExchangeTimeoutExecutor exchanges;
    private final SiteContent site;

    ServerSentEventSender(ExchangeTimeoutExecutor exchanges, SiteContent site) {
        this.exchanges = exchanges;
        this.site = site;
    }

    /// Sends events to a client until it disconnects or is not permitted any more. Its headers are
    /// already set.
    ///
    /// @param mayContinue whether the client is still permitted
    /// @return false if there are too many clients already; nothing was sent then
    /// @throws IOException if the client has disconnected, or does not read for too long
    boolean serve(HttpExchange exchange, BooleanSupplier mayContinue)
            throws IOException, InterruptedException {
        if (!freeSlots.tryAcquire()) {
            return false;
        }
        try {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/event-stream; charset=utf-8");
            // Otherwise a proxy may wait until its buffer is full.
            headers.set("X-Accel-Buffering", "no");
            exchange.sendResponseHeaders(200, 0);
            sendEvents(exchange.getResponseBody(), mayContinue);
            return true;
        } finally {
            freeSlots.release();
        }
    }

    private void sendEvents(OutputStream out, BooleanSupplier mayContinue)
            throws IOException, InterruptedException {
        String lastSent = "";
        long nextHeartbeat = System.nanoTime() + HEARTBEAT_INTERVAL.toNanos();
        send(out, RETRY);
        while (mayContinue.getAsBoolean()) {
            String generation = site.generation();
            if (!generation.equals(lastSent)) {
                send(out, formatEvent("state", generation));
                lastSent = generation;
            } else if (System.nanoTime() - nextHeartbeat > 0) {
                send(out, formatEvent("alive", Instant.now().toString()));
                nextHeartbeat = System.nanoTime() + HEARTBEAT_INTERVAL.toNanos();
            }
            Thread.sleep(MIN_INTERVAL);
        }
        out.close();
    }

    private void send(OutputStream out, String text) throws IOException {
        exchanges.startResponse();
        out.write(text.getBytes(UTF_8));
        out.flush();
        exchanges.suspendTimeout();
    }

    private static String formatEvent(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }
}
