package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/// A file that overrides a user's Compose file: `docker compose -f compose.yml -f FILE up`.
///
/// It contains only additions. Compose appends its lists to those of the user's file, and nothing
/// is proposed where the container already has a mount, so no path is listed twice. A container
/// that Compose did not create becomes a service with all its mounts, as a starting point.
public final class ComposeFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        out.write("# Proposed by writeprobe. docker compose -f YOUR-FILE -f THIS-FILE up -d\n#\n");
        for (Recommendation recommendation : recommendations) {
            out.write(RecommendationSummary.of(recommendation).comments());
        }
        List<ServiceProposalItems> stanzas =
                ServiceProposalItems.of(
                        recommendations,
                        WorkloadLabels::composeProject,
                        WorkloadLabels::composeService,
                        UniqueNames::sanitize);
        ComposeTopLevelVolumes volumes = new ComposeTopLevelVolumes();
        out.write(stanzas.isEmpty() ? "services: {}\n" : "services:\n");
        for (ServiceProposalItems stanza : stanzas) {
            out.write(new ComposeServiceWriter(stanza, volumes).text());
        }
        out.write(volumes.text());
        out.flush();
    }
}
