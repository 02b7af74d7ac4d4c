package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.archive.DockerArchiveFileLookup;
import io.github.writeprobe.docker.archive.DockerPathStatHeader;
import io.github.writeprobe.docker.inspect.ContainerInspectResponse;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
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
/// that moment and have whole seconds. Most services write with nanoseconds, and an archive that a
/// service unpacks is older. A mailbox gets whole seconds from a mail server, but only after the
/// start.
final class ComposeInjectedFileFinder {
    /// Go rounds the times of an archive to the nearest second.
    private static final Duration ROUNDING = Duration.ofMillis(500);

    private static final Duration LONGEST_START = Duration.ofSeconds(10);
    private static final int ANY_WRITE_PERMISSION = 0222;

    /// Each candidate takes a call.
    private static final int MAX_CANDIDATES = 100;

    private ComposeInjectedFileFinder() {}

    static List<String> of(
            EngineCallExecutor calls, ProposalTarget subject, List<FileChange> changes)
            throws EngineUnavailable, InterruptedException {
        if (subject.container().workload().composeProject().isEmpty()) {
            return List.of();
        }
        Optional<Lifetime> lifetime =
                ContainerInspectResponse.read(
                                calls,
                                subject.container().id(),
                                inspection -> Lifetime.of(inspection.json()))
                        .flatMap(found -> found);
        if (lifetime.isEmpty()) {
            return List.of();
        }
        DockerArchiveFileLookup files =
                new DockerArchiveFileLookup(calls, subject.container().id());
        return candidates(changes).stream()
                .filter(path ->
                        files.regularFile(path)
                                .filter(file -> lifetime.get().isInjected(file))
                                .isPresent())
                .toList();
    }

    /// @param started when it was last started; empty if it never was
    record Lifetime(Instant created, Optional<Instant> started) {
        private static Optional<Lifetime> of(JsonNode inspection) {
            return time(inspection.path("Created").asText(""))
                    .map(created ->
                            new Lifetime(
                                    created,
                                    time(inspection.path("State").path("StartedAt").asText(""))
                                            .filter(created::isBefore)));
        }

        boolean isInjected(DockerPathStatHeader file) {
            // A later start is not the first, whose time is not known then. Compose makes these
            // files without write permission by default, and services hardly any.
            boolean isFirstStartKnown =
                    started.filter(s -> s.isAfter(created.plus(LONGEST_START))).isEmpty();
            return (isFirstStartKnown || (file.mode() & ANY_WRITE_PERMISSION) == 0)
                    && file.modified().filter(this::isBeforeFirstStart).isPresent();
        }

        private boolean isBeforeFirstStart(Instant modified) {
            Instant latest = created.plus(LONGEST_START);
            Instant end = started.filter(latest::isAfter).orElse(latest);
            return modified.equals(modified.truncatedTo(ChronoUnit.SECONDS))
                    && !modified.isBefore(created.minus(ROUNDING))
                    && !modified.isAfter(end.plus(ROUNDING));
        }
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
