package io.github.writeprobe.audit;

import java.util.List;
import java.util.Map;

/// The containers that a cycle covers.
///
/// @param references ids or names; empty for all running containers
/// @param filters the engine's own list filters; only if there are no references
public record AuditContainerCriteria(List<String> references, Map<String, List<String>> filters) {
    /// All running containers.
    public static final AuditContainerCriteria ALL =
            new AuditContainerCriteria(List.of(), Map.of());

    public AuditContainerCriteria {
        references = List.copyOf(references);
        filters = Map.copyOf(filters);
    }
}
