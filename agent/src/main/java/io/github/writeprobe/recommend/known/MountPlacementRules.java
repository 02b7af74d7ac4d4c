package io.github.writeprobe.recommend.known;

import io.github.writeprobe.policy.Glob;
import java.util.List;
import java.util.Optional;

/// Which directories can get a mount. Each entry is a pattern.
///
/// @param general general directories of the system: never a mount point, because a mount would
///   hide system files or keep old copies of them
/// @param whole always mounted as a whole, whatever is written below
/// @param volatiles empty after each start by convention, with everything below: always a tmpfs,
///   also if the image has files there
/// @param shared used by several programs: mounted only if something is written directly in them
/// @param bystanders directories of distributions that services do not need, so a tmpfs may hide
///   them
/// @param data file names that identify the directory of a database
public record MountPlacementRules(
        List<String> general,
        List<String> whole,
        List<String> volatiles,
        List<String> shared,
        List<String> bystanders,
        List<DataSign> data) {
    public static final MountPlacementRules NONE =
            new MountPlacementRules(
                    List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /// @param file a name, without a directory
    /// @param reason for people, what the data are: "PostgreSQL's data"
    public record DataSign(String file, String reason) {}

    public MountPlacementRules {
        general = List.copyOf(general);
        whole = List.copyOf(whole);
        volatiles = List.copyOf(volatiles);
        shared = List.copyOf(shared);
        bystanders = List.copyOf(bystanders);
        data = List.copyOf(data);
    }

    public boolean isGeneral(String path) {
        return path.equals("/") || matchesAny(general, path);
    }

    public boolean isShared(String path) {
        return matchesAny(shared, path);
    }

    /// Whether a directory is empty after each start, by convention.
    public boolean isVolatile(String path) {
        return volatiles.stream().anyMatch(v -> path.equals(v) || path.startsWith(v + "/"));
    }

    /// Whether a directory is not one of the service alone.
    public boolean isCommon(String path) {
        return isGeneral(path) || isShared(path) || wholeDirectory(path).isPresent();
    }

    public boolean isBystander(String path) {
        return matchesAny(bystanders, path);
    }

    /// The whole directory that contains a path, if there is one.
    public Optional<String> wholeDirectory(String path) {
        return whole.stream().filter(w -> path.equals(w) || path.startsWith(w + "/")).findFirst();
    }

    private static boolean matchesAny(List<String> patterns, String path) {
        return patterns.stream().anyMatch(p -> Glob.matches(p, path) && depth(p) == depth(path));
    }

    /// In these patterns, `*` does not match a slash.
    private static long depth(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    MountPlacementRules with(MountPlacementRules more) {
        return new MountPlacementRules(
                AnyImageHints.concat(more.general, general),
                AnyImageHints.concat(more.whole, whole),
                AnyImageHints.concat(more.volatiles, volatiles),
                AnyImageHints.concat(more.shared, shared),
                AnyImageHints.concat(more.bystanders, bystanders),
                AnyImageHints.concat(more.data, data));
    }
}
