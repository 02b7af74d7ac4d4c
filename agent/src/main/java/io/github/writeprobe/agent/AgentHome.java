package io.github.writeprobe.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.html.StatusPage;
import io.github.writeprobe.web.Site;
import io.github.writeprobe.web.WebDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The status page of what the agent knows, made once for all who ask while nothing is new.
final class AgentHome {
    private static final Duration OFTEN = Duration.ofMillis(200);

    private final Agent agent;
    private final StateCounter generations = new StateCounter(System.currentTimeMillis());
    private Optional<Looked> looked = Optional.empty();
    private Optional<Made> made = Optional.empty();

    AgentHome(Agent agent) {
        this.agent = agent;
    }

    private record Looked(String generation, long at) {}

    private record Made(String generation, Site.Home home) {}

    /// However many ask, it is found out a few times a second.
    synchronized String generation() {
        long now = System.nanoTime();
        if (looked.filter(l -> now - l.at() < OFTEN.toNanos()).isEmpty()) {
            looked = Optional.of(new Looked(generation(agent.report()), now));
        }
        return looked.get().generation();
    }

    private String generation(Report report) {
        return generations.of(
                report, List.of(agent.history().told(), trouble()), System.nanoTime());
    }

    synchronized Site.Home now() {
        Report report = agent.report();
        String generation = generation(report);
        if (made.filter(m -> m.generation().equals(generation)).isEmpty()) {
            made = Optional.of(new Made(generation, make(report, generation)));
        }
        return made.get().home();
    }

    private Site.Home make(Report report, String generation) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
        try (Writer out = new OutputStreamWriter(body, UTF_8)) {
            new StatusPage(report, generation, trouble(), agent.history().changes()).write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Site.Home(
                new WebDocument("text/html; charset=utf-8", body.toByteArray()), StatusPage.POLICY);
    }

    private Optional<String> trouble() {
        return agent.unhealthy().map(why -> "the agent hangs: see its log").or(agent::unready);
    }
}
