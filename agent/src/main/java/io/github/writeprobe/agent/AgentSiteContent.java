package io.github.writeprobe.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.metrics.ScrapeResponse;
import io.github.writeprobe.report.JsonFormat;
import io.github.writeprobe.web.SiteContent;
import io.github.writeprobe.web.WebDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The content of the agent's web server.
final class AgentSiteContent implements SiteContent {
    private final MonitorAgent agent;
    private final Supplier<List<String>> reload;
    private final StatusPageCache statusPage;

    /// @param reload reloads the configuration and returns its mistakes
    AgentSiteContent(MonitorAgent agent, Supplier<List<String>> reload) {
        this.agent = agent;
        this.reload = reload;
        this.statusPage = new StatusPageCache(agent);
    }

    @Override
    public HomePage homePage() {
        return statusPage.page();
    }

    @Override
    public String generation() {
        return statusPage.generation();
    }

    @Override
    public WebDocument metrics(Optional<String> accept) {
        ScrapeResponse exposition = agent.scrape(accept.orElse(""));
        return new WebDocument(exposition.contentType(), exposition.body());
    }

    @Override
    public WebDocument report() {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
        try (Writer out = new OutputStreamWriter(body, UTF_8)) {
            new JsonFormat().write(agent.report(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WebDocument("application/json; charset=utf-8", body.toByteArray());
    }

    @Override
    public Optional<String> notReadyReason() {
        return agent.notReadyReason();
    }

    @Override
    public Optional<String> unhealthyReason() {
        return agent.unhealthyReason();
    }

    @Override
    public List<String> reload() {
        return reload.get();
    }
}
