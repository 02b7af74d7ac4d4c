package io.github.writeprobe.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.html.StatusPage;
import io.github.writeprobe.web.SiteContent;
import io.github.writeprobe.web.WebDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The agent's status page, rendered once for all requests until something changes.
final class StatusPageCache {
    private static final Duration MAX_AGE = Duration.ofMillis(200);

    private final MonitorAgent agent;
    private final StatusPageVersionCounter generationCounter =
            new StatusPageVersionCounter(System.currentTimeMillis());
    private Optional<CachedGeneration> cachedGeneration = Optional.empty();
    private Optional<CachedPage> cachedPage = Optional.empty();

    StatusPageCache(MonitorAgent agent) {
        this.agent = agent;
    }

    private record CachedGeneration(String generation, long at) {}

    private record CachedPage(String generation, SiteContent.HomePage page) {}

    /// Computed at most a few times a second, however many clients there are.
    synchronized String generation() {
        long now = System.nanoTime();
        if (cachedGeneration.filter(c -> now - c.at() < MAX_AGE.toNanos()).isEmpty()) {
            cachedGeneration = Optional.of(new CachedGeneration(generation(agent.report()), now));
        }
        return cachedGeneration.get().generation();
    }

    private String generation(Report report) {
        return generationCounter.generation(
                report, List.of(agent.history().changeCount(), problem()), System.nanoTime());
    }

    synchronized SiteContent.HomePage page() {
        Report report = agent.report();
        String generation = generation(report);
        if (cachedPage.filter(c -> c.generation().equals(generation)).isEmpty()) {
            cachedPage = Optional.of(new CachedPage(generation, render(report, generation)));
        }
        return cachedPage.get().page();
    }

    private SiteContent.HomePage render(Report report, String generation) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
        try (Writer out = new OutputStreamWriter(body, UTF_8)) {
            new StatusPage(report, generation, problem(), agent.history().changes()).write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SiteContent.HomePage(
                new WebDocument("text/html; charset=utf-8", body.toByteArray()), StatusPage.POLICY);
    }

    private Optional<String> problem() {
        return agent.unhealthyReason()
                .map(reason -> "the agent hangs; see its log")
                .or(agent::notReadyReason);
    }
}
