package io.github.writeprobe.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// Which path shows what of a site.
final class Routes {
    private static final Set<String> READING = new TreeSet<>(Set.of("GET", "HEAD"));
    private static final Set<String> DOING = new TreeSet<>(Set.of("POST", "PUT"));
    private static final Answer HOME =
            Answer.of(200, new Document("text/html; charset=utf-8", resource("index.html")))
                    .with(
                            "Content-Security-Policy",
                            "default-src 'none'; base-uri 'none'; form-action 'none';"
                                    + " frame-ancestors 'none'");

    /// @param accept the Accept header
    /// @param acceptEncoding the Accept-Encoding header; empty if there is none
    record Request(String method, String path, Optional<String> accept, String acceptEncoding) {}

    private interface Route {
        Answer answer(Request request) throws InterruptedException;
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
                        new Entry(READING, request -> HOME.compressed(request.acceptEncoding())),
                        "/metrics",
                        new Entry(READING, this::metrics),
                        "/api/v1/report",
                        new Entry(READING, this::report),
                        "/-/healthy",
                        new Entry(READING, request -> state("Healthy.", site.unhealthy())),
                        "/-/ready",
                        new Entry(READING, request -> state("Ready.", site.unready())),
                        "/-/reload",
                        new Entry(DOING, request -> reload()));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(Routes.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether what is at a path may be large.
    static boolean isLarge(String path) {
        return path.equals("/metrics") || path.equals("/api/v1/report");
    }

    Answer answer(Request request) throws InterruptedException {
        Entry entry = entries.get(request.path());
        if (entry == null) {
            return Answer.text(404, "There is nothing here; see /");
        }
        return entry.methods().contains(request.method())
                ? entry.route().answer(request)
                : Answer.methodNotAllowed(entry.methods().stream());
    }

    private Answer metrics(Request request) {
        return Answer.of(200, site.metrics(request.accept())).compressed(request.acceptEncoding());
    }

    private Answer report(Request request) {
        return Answer.of(200, site.report()).compressed(request.acceptEncoding());
    }

    private static Answer state(String well, Optional<String> reason) {
        return reason.map(r -> Answer.text(503, r)).orElseGet(() -> Answer.text(200, well));
    }

    private Answer reload() throws InterruptedException {
        reloading.lockInterruptibly();
        try {
            List<String> mistakes = site.reload();
            return mistakes.isEmpty()
                    ? Answer.text(200, "Reloaded.")
                    : Answer.text(500, String.join("\n", mistakes));
        } finally {
            reloading.unlock();
        }
    }
}
