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
public record Hints(List<Hint> paths, Directories directories, List<String> wrappers) {
    public static final Hints NONE = new Hints(List.of(), Directories.NONE, List.of());

    public Hints {
        paths = List.copyOf(paths);
        requireNonNull(directories);
        wrappers = List.copyOf(wrappers);
    }

    public Optional<Hint> of(String path) {
        return paths.stream().filter(h -> h.matches(path)).findFirst();
    }

    Hints with(Hints more) {
        return new Hints(
                both(more.paths, paths),
                directories.with(more.directories),
                both(more.wrappers, wrappers));
    }

    static <T> List<T> both(List<T> first, List<T> then) {
        return Stream.concat(first.stream(), then.stream()).distinct().toList();
    }
}
