package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.Workload;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is to be added to a workload, and the claims for its volumes: for `kubectl apply
/// --server-side`, which merges it with what is there, or, each document by itself, for `kubectl
/// patch`.
///
/// A container that is in no pod gets a Deployment's name made of its own, with all its mounts.
public final class KubernetesFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        out.write(
                "# Proposed by writeprobe. kubectl apply --server-side --force-conflicts -f"
                        + " THIS-FILE\n#\n");
        for (Recommendation recommendation : recommendations) {
            out.write(RecommendationSummary.of(recommendation).comments());
        }
        List<ServiceStanza> stanzas =
                ServiceStanza.of(
                        recommendations,
                        o -> PodOwner.of(o).toString(),
                        Workload::kubernetesContainer,
                        PodOwner::dnsLabel);
        Map<PodOwner, List<ServiceStanza>> workloads = new LinkedHashMap<>();
        for (ServiceStanza stanza : stanzas) {
            workloads.computeIfAbsent(workload(stanza), w -> new ArrayList<>()).add(stanza);
        }
        UniqueNames claims = new UniqueNames();
        boolean first = true;
        for (Map.Entry<PodOwner, List<ServiceStanza>> workload : workloads.entrySet()) {
            out.write(first ? "" : "---\n");
            out.write(new PodTemplate(workload.getKey(), workload.getValue(), claims).text());
            first = false;
        }
        out.flush();
    }

    private static PodOwner workload(ServiceStanza stanza) {
        Workload workload = stanza.container().workload();
        if (workload.pod().isEmpty()) {
            return new PodOwner(PodOwner.Kind.DEPLOYMENT, stanza.name(), "");
        }
        return PodOwner.of(workload);
    }
}
