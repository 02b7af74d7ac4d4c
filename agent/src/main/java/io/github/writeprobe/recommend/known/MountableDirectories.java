package io.github.writeprobe.recommend.known;

import io.github.writeprobe.policy.Glob;
import java.util.List;
import java.util.Optional;

/// Which directories can be mounted on, and as what. Each is a pattern.
///
/// @param general nobody's in particular: never mounted on, since that would hide or freeze half a
///   system
/// @param whole are mounted on themselves, whatever is written below them
/// @param shared by several programs: mounted on only if something is written directly in them
/// @param bystanders that distributions put there and services do without: not missed where a tmpfs
///   hides them
/// @param data files by which the directory of a database is known
public record MountableDirectories(
        List<String> general,
        List<String> whole,
        List<String> shared,
        List<String> bystanders,
        List<DataSign> data) {
    public static final MountableDirectories NONE =
            new MountableDirectories(List.of(), List.of(), List.of(), List.of(), List.of());

    /// @param file a name, without a directory
    /// @param reason for people: whose it is, "PostgreSQL's data"
    public record DataSign(String file, String reason) {}

    public MountableDirectories {
        general = List.copyOf(general);
        whole = List.copyOf(whole);
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

    public boolean isBystander(String path) {
        return matchesAny(bystanders, path);
    }

    /// The directory that is mounted on as a whole for a path in it.
    public Optional<String> wholeDirectory(String path) {
        return whole.stream().filter(w -> path.equals(w) || path.startsWith(w + "/")).findFirst();
    }

    private static boolean matchesAny(List<String> patterns, String path) {
        return patterns.stream().anyMatch(p -> Glob.matches(p, path) && depth(p) == depth(path));
    }

    /// These patterns speak of one directory each: a `*` in them ends at a slash.
    private static long depth(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    MountableDirectories with(MountableDirectories more) {
        return new MountableDirectories(
                PathHints.concat(more.general, general),
                PathHints.concat(more.whole, whole),
                PathHints.concat(more.shared, shared),
                PathHints.concat(more.bystanders, bystanders),
                PathHints.concat(more.data, data));
    }
}
