package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What holds for every image.
///
/// @param paths the first that matches a path counts
/// @param directories which of them may be mounted on
/// @param wrappers patterns of programs that start another one, which is meant
public record PathHints(
        List<PathHint> paths, MountableDirectories directories, List<String> wrappers) {
    public static final PathHints NONE =
            new PathHints(List.of(), MountableDirectories.NONE, List.of());

    public PathHints {
        paths = List.copyOf(paths);
        requireNonNull(directories);
        wrappers = List.copyOf(wrappers);
    }

    public Optional<PathHint> hintFor(String path) {
        return paths.stream().filter(h -> h.matches(path)).findFirst();
    }

    PathHints with(PathHints more) {
        return new PathHints(
                concat(more.paths, paths),
                directories.with(more.directories),
                concat(more.wrappers, wrappers));
    }

    static <T> List<T> concat(List<T> first, List<T> then) {
        return Stream.concat(first.stream(), then.stream()).distinct().toList();
    }
}
