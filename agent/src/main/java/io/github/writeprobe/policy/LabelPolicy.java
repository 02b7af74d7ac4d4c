package io.github.writeprobe.policy;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.WaiverNote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a container's own labels ask for, where the policy honours them.
///
/// `writeprobe.waive` is a list of `KIND` or `KIND:PATH`, `writeprobe.writable` a list of paths,
/// both with commas. What cannot be read asks for nothing: whoever makes a container writes its
/// labels.
public final class LabelPolicy {
    public static final String WAIVE = "writeprobe.waive";
    public static final String WRITABLE = "writeprobe.writable";

    private LabelPolicy() {}

    /// The waivers that a container grants itself.
    public static List<Waiver> waivers(Map<String, String> labels) {
        List<Waiver> waivers = new ArrayList<>();
        items(labels, WAIVE)
                .forEach(item -> {
                    int colon = item.indexOf(':');
                    String kind = colon < 0 ? item : item.substring(0, colon);
                    List<String> paths = colon < 0 ? List.of() : List.of(item.substring(colon + 1));
                    kind(kind).ifPresent(k -> waivers.add(waiver(k, paths)));
                });
        return waivers;
    }

    /// The paths that a container says it has to write.
    public static List<String> writablePaths(Map<String, String> labels) {
        return items(labels, WRITABLE).filter(p -> p.startsWith("/") && p.length() > 1).toList();
    }

    private static Stream<String> items(Map<String, String> labels, String key) {
        return Arrays.stream(labels.getOrDefault(key, "").split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty());
    }

    private static Optional<FindingKind> kind(String label) {
        return Arrays.stream(FindingKind.values()).filter(k -> k.label().equals(label)).findFirst();
    }

    private static Waiver waiver(FindingKind kind, List<String> paths) {
        return new Waiver(
                Match.ANY,
                Set.of(kind),
                paths,
                new WaiverNote("label " + WAIVE, "the container's own label", Optional.empty()));
    }
}
