package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Additions to workloads, and claims for their volumes. `kubectl apply --server-side` merges them
/// with the existing workload. Each document except the claims is also a patch for `kubectl patch`.
///
/// A container without a pod becomes a Deployment with all its mounts.
public final class KubernetesFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        out.write(
                "# Proposed by writeprobe. kubectl apply --server-side --force-conflicts -f"
                        + " THIS-FILE\n#\n");
        for (Recommendation recommendation : recommendations) {
            out.write(RecommendationSummary.of(recommendation).comments());
        }
        List<ServiceProposalItems> stanzas =
                ServiceProposalItems.of(
                        recommendations,
                        o -> PodOwner.of(o).toString(),
                        WorkloadLabels::kubernetesContainer,
                        PodOwner::dnsLabel);
        Map<PodOwner, List<ServiceProposalItems>> workloads = new LinkedHashMap<>();
        for (ServiceProposalItems stanza : stanzas) {
            workloads.computeIfAbsent(workload(stanza), w -> new ArrayList<>()).add(stanza);
        }
        UniqueNames claims = new UniqueNames();
        boolean first = true;
        for (Map.Entry<PodOwner, List<ServiceProposalItems>> workload : workloads.entrySet()) {
            out.write(first ? "" : "---\n");
            out.write(new PodTemplateWriter(workload.getKey(), workload.getValue(), claims).text());
            first = false;
        }
        out.flush();
    }

    private static PodOwner workload(ServiceProposalItems stanza) {
        WorkloadLabels workload = stanza.container().workload();
        if (workload.pod().isEmpty()) {
            return new PodOwner(PodOwner.Kind.DEPLOYMENT, stanza.name(), "");
        }
        return PodOwner.of(workload);
    }
}
