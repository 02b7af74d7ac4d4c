package io.github.writeprobe.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// Maps paths to the content of a site.
final class Routes {
    private static final Set<String> READ_METHODS = new TreeSet<>(Set.of("GET", "HEAD"));
    private static final Set<String> WRITE_METHODS = new TreeSet<>(Set.of("POST", "PUT"));
    private static final String EVENTS = "/api/v1/events";

    /// @param accept the Accept header
    /// @param acceptEncoding the Accept-Encoding header; empty if there is none
    /// @param ifNoneMatch the If-None-Match header; empty if there is none
    record Request(
            String method,
            String path,
            Optional<String> accept,
            String acceptEncoding,
            String ifNoneMatch) {}

    private interface Route {
        WebResponse handle(Request request) throws InterruptedException;
    }

    private record Entry(Set<String> methods, Route route) {}

    private final SiteContent site;
    private final ReentrantLock reloadLock = new ReentrantLock(true);
    private final Map<String, Entry> entries;

    Routes(SiteContent site) {
        this.site = site;
        this.entries =
                Map.of(
                        "/",
                        new Entry(READ_METHODS, this::homePage),
                        "/metrics",
                        new Entry(READ_METHODS, this::metrics),
                        "/api/v1/report",
                        new Entry(READ_METHODS, this::report),
                        EVENTS,
                        // Reached only if there are too many streams.
                        new Entry(Set.of("GET"), request -> WebResponse.busy()),
                        "/-/healthy",
                        new Entry(
                                READ_METHODS,
                                request -> health("Healthy.", site.unhealthyReason())),
                        "/-/ready",
                        new Entry(READ_METHODS, request -> health("Ready.", site.notReadyReason())),
                        "/-/reload",
                        new Entry(WRITE_METHODS, request -> reload()));
    }

    /// Whether the document at a path may be large.
    static boolean isLarge(String path) {
        return path.equals("/") || path.equals("/metrics") || path.equals("/api/v1/report");
    }

    /// Whether a request opens a stream of events.
    static boolean isStream(Request request) {
        return request.path().equals(EVENTS) && request.method().equals("GET");
    }

    WebResponse handle(Request request) throws InterruptedException {
        Entry entry = entries.get(request.path());
        if (entry == null) {
            return WebResponse.text(404, "Not found. The status page is at /.");
        }
        return entry.methods().contains(request.method())
                ? entry.route().handle(request)
                : WebResponse.methodNotAllowed(entry.methods().stream());
    }

    private WebResponse homePage(Request request) {
        SiteContent.HomePage homePage = site.homePage();
        String tag = EntityTags.of(homePage.document().bytes());
        WebResponse response =
                EntityTags.matches(request.ifNoneMatch(), tag)
                        ? new WebResponse(304, Map.of(), new byte[0])
                        : WebResponse.of(200, homePage.document());
        return response.compressIfAccepted(request.acceptEncoding())
                .withHeader("ETag", tag)
                .withHeader("Content-Security-Policy", homePage.policy())
                .withHeader("Referrer-Policy", "no-referrer");
    }

    private WebResponse metrics(Request request) {
        return WebResponse.of(200, site.metrics(request.accept()))
                .compressIfAccepted(request.acceptEncoding());
    }

    private WebResponse report(Request request) {
        return WebResponse.of(200, site.report()).compressIfAccepted(request.acceptEncoding());
    }

    private static WebResponse health(String okText, Optional<String> reason) {
        return reason.map(r -> WebResponse.text(503, r))
                .orElseGet(() -> WebResponse.text(200, okText));
    }

    private WebResponse reload() throws InterruptedException {
        reloadLock.lockInterruptibly();
        try {
            List<String> mistakes = site.reload();
            return mistakes.isEmpty()
                    ? WebResponse.text(200, "Reloaded.")
                    : WebResponse.text(500, String.join("\n", mistakes));
        } finally {
            reloadLock.unlock();
        }
    }
}
