package io.github.writeprobe.cycle;

import java.util.List;
import java.util.Map;

/// Which containers a pass is about.
///
/// @param references ids or names; empty for all that run
/// @param filters as the engine's list takes them; only together with no references
public record Selection(List<String> references, Map<String, List<String>> filters) {
    public Selection {
        references = List.copyOf(references);
        filters = Map.copyOf(filters);
    }
}
