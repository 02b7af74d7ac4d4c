package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Hints that apply to every image.
///
/// @param paths the first entry that matches a path applies
/// @param directories which directories can get a mount
/// @param wrappers patterns of programs that only start another program
public record AnyImageHints(
        List<PathHint> paths, MountPlacementRules directories, List<String> wrappers) {
    public static final AnyImageHints NONE =
            new AnyImageHints(List.of(), MountPlacementRules.NONE, List.of());

    public AnyImageHints {
        paths = List.copyOf(paths);
        requireNonNull(directories);
        wrappers = List.copyOf(wrappers);
    }

    public Optional<PathHint> hintFor(String path) {
        return paths.stream().filter(h -> h.matches(path)).findFirst();
    }

    AnyImageHints with(AnyImageHints more) {
        return new AnyImageHints(
                concat(more.paths, paths),
                directories.with(more.directories),
                concat(more.wrappers, wrappers));
    }

    static <T> List<T> concat(List<T> first, List<T> then) {
        return Stream.concat(first.stream(), then.stream()).distinct().toList();
    }
}
