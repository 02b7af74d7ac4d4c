package io.github.writeprobe.docker;

import io.github.writeprobe.docker.archive.ArchiveFileView;
import io.github.writeprobe.docker.inspect.Inspection;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ObservedContainer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the files that Compose wrote into a container between its creation and its first start:
/// configs with `content:` or `environment:`, and secrets with `environment:`.
///
/// No label and no field of an inspect says so. But Compose sends a tar archive whose times are of
/// that moment and have whole seconds. A service writes with nanoseconds, and an archive that a
/// service unpacks is older.
final class ComposeInjectedFileFinder {
    private static final Duration ROUNDING = Duration.ofSeconds(1);
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    /// Each candidate takes a call.
    private static final int MAX_CANDIDATES = 100;

    private ComposeInjectedFileFinder() {}

    static List<String> of(
            EngineCallExecutor calls, ObservedContainer subject, List<FileChange> changes)
            throws EngineUnavailable, InterruptedException {
        if (subject.container().workload().composeProject().isEmpty()) {
            return List.of();
        }
        Optional<Instant> created =
                Inspection.read(
                                calls,
                                subject.container().id(),
                                inspection -> time(inspection.json().path("Created").asText("")))
                        .flatMap(time -> time);
        if (created.isEmpty()) {
            return List.of();
        }
        ArchiveFileView files = new ArchiveFileView(calls, subject.container().id());
        return candidates(changes).stream()
                .filter(path ->
                        files.modified(path)
                                .filter(modified -> isOfCreation(modified, created.get()))
                                .isPresent())
                .toList();
    }

    static boolean isOfCreation(Instant modified, Instant created) {
        return modified.equals(modified.truncatedTo(ChronoUnit.SECONDS))
                && !modified.isBefore(created.minus(ROUNDING))
                && !modified.isAfter(created.plus(LONGEST_START));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /// New paths without others below them, the shortest first: configs are not deep in a tree.
    private static List<String> candidates(List<FileChange> changes) {
        Set<String> directories = new HashSet<>();
        for (FileChange change : changes) {
            directories.add(
                    change.path().substring(0, Math.max(0, change.path().lastIndexOf('/'))));
        }
        return changes.stream()
                .filter(change -> change.kind() == FileChange.Kind.ADDED)
                .map(FileChange::path)
                .filter(path -> !directories.contains(path))
                .sorted(Comparator.comparingLong(ComposeInjectedFileFinder::depth))
                .limit(MAX_CANDIDATES)
                .toList();
    }

    private static long depth(String path) {
        return path.chars().filter(c -> c == '/').count();
    }
}
