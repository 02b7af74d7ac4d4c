package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.Workload;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/// A file that overrides a user's Compose file: `docker compose -f compose.yml -f FILE up`.
///
/// It has only what is added. Compose appends lists to those of the user's file, and nothing is
/// proposed where the container has a mount already, so no path comes twice. A container that
/// Compose did not make gets a service with all its mounts, to begin with.
public final class ComposeFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        out.write("# Proposed by writeprobe. docker compose -f YOUR-FILE -f THIS-FILE up -d\n#\n");
        for (Recommendation recommendation : recommendations) {
            out.write(RecommendationSummary.of(recommendation).comments());
        }
        List<ServiceStanza> stanzas =
                ServiceStanza.of(
                        recommendations,
                        Workload::composeProject,
                        Workload::composeService,
                        UniqueNames::sanitize);
        ComposeVolumes volumes = new ComposeVolumes();
        out.write(stanzas.isEmpty() ? "services: {}\n" : "services:\n");
        for (ServiceStanza stanza : stanzas) {
            out.write(new ComposeService(stanza, volumes).text());
        }
        out.write(volumes.text());
        out.flush();
    }
}
