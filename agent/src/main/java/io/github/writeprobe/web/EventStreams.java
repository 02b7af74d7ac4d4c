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
/// Between two events to a client there is [#MIN_INTERVAL] at least, whatever happens meanwhile.
/// The sign of life is an event too, since a browser keeps comments from the page; it also finds
/// out who has hung up.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
///   events</a>
final class EventStreams {
    static final int MAX_CLIENTS = 32;
    private static final Duration MIN_INTERVAL = Duration.ofMillis(500);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);
    private static final String RETRY = "retry: 2000\n\n";

    private final Semaphore freeSlots = new Semaphore(MAX_CLIENTS);
    private final ExchangeThreads exchanges;
    private final Site site;

    EventStreams(ExchangeThreads exchanges, Site site) {
        this.exchanges = exchanges;
        this.site = site;
    }

    /// Tells a client until it has gone, or may not listen any more. Its headers are set.
    ///
    /// @param mayContinue whether it may still listen
    /// @return false if there are too many already, and then nothing was sent
    /// @throws IOException when the client has gone, or takes nothing for too long
    boolean serve(HttpExchange exchange, BooleanSupplier mayContinue)
            throws IOException, InterruptedException {
        if (!freeSlots.tryAcquire()) {
            return false;
        }
        try {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/event-stream; charset=utf-8");
            // Or a proxy may wait until it has a buffer full.
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
