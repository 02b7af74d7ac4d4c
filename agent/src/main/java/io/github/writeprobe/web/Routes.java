package io.github.writeprobe.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// Which path shows what of a site.
final class Routes {
    private static final Set<String> READING = new TreeSet<>(Set.of("GET", "HEAD"));
    private static final Set<String> DOING = new TreeSet<>(Set.of("POST", "PUT"));
    private static final String EVENTS = "/api/v1/events";

    /// @param accept the Accept header
    /// @param acceptEncoding the Accept-Encoding header; empty if there is none
    /// @param known the If-None-Match header; empty if there is none
    record Request(
            String method,
            String path,
            Optional<String> accept,
            String acceptEncoding,
            String known) {}

    private interface Route {
        WebResponse answer(Request request) throws InterruptedException;
    }

    private record Entry(Set<String> methods, Route route) {}

    private final Site site;
    private final ReentrantLock reloading = new ReentrantLock(true);
    private final Map<String, Entry> entries;

    Routes(Site site) {
        this.site = site;
        this.entries =
                Map.of(
                        "/",
                        new Entry(READING, this::home),
                        "/metrics",
                        new Entry(READING, this::metrics),
                        "/api/v1/report",
                        new Entry(READING, this::report),
                        EVENTS,
                        // Whoever has a place is answered otherwise.
                        new Entry(Set.of("GET"), request -> WebResponse.busy()),
                        "/-/healthy",
                        new Entry(READING, request -> state("Healthy.", site.unhealthy())),
                        "/-/ready",
                        new Entry(READING, request -> state("Ready.", site.unready())),
                        "/-/reload",
                        new Entry(DOING, request -> reload()));
    }

    /// Whether what is at a path may be large.
    static boolean isLarge(String path) {
        return path.equals("/") || path.equals("/metrics") || path.equals("/api/v1/report");
    }

    /// Whether a client asks to be told what happens, for as long as it likes.
    static boolean isStream(Request request) {
        return request.path().equals(EVENTS) && request.method().equals("GET");
    }

    WebResponse answer(Request request) throws InterruptedException {
        Entry entry = entries.get(request.path());
        if (entry == null) {
            return WebResponse.text(404, "There is nothing here; see /");
        }
        return entry.methods().contains(request.method())
                ? entry.route().answer(request)
                : WebResponse.methodNotAllowed(entry.methods().stream());
    }

    private WebResponse home(Request request) {
        Site.Home home = site.home();
        String tag = EntityTags.of(home.document().bytes());
        WebResponse answer =
                EntityTags.match(request.known(), tag)
                        ? new WebResponse(304, Map.of(), new byte[0])
                        : WebResponse.of(200, home.document());
        return answer.compressed(request.acceptEncoding())
                .with("ETag", tag)
                .with("Content-Security-Policy", home.policy())
                .with("Referrer-Policy", "no-referrer");
    }

    private WebResponse metrics(Request request) {
        return WebResponse.of(200, site.metrics(request.accept()))
                .compressed(request.acceptEncoding());
    }

    private WebResponse report(Request request) {
        return WebResponse.of(200, site.report()).compressed(request.acceptEncoding());
    }

    private static WebResponse state(String well, Optional<String> reason) {
        return reason.map(r -> WebResponse.text(503, r))
                .orElseGet(() -> WebResponse.text(200, well));
    }

    private WebResponse reload() throws InterruptedException {
        reloading.lockInterruptibly();
        try {
            List<String> mistakes = site.reload();
            return mistakes.isEmpty()
                    ? WebResponse.text(200, "Reloaded.")
                    : WebResponse.text(500, String.join("\n", mistakes));
        } finally {
            reloading.unlock();
        }
    }
}
