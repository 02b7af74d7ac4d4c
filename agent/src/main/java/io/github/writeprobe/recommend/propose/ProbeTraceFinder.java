package io.github.writeprobe.recommend.propose;

import static java.util.stream.Collectors.toSet;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import io.github.writeprobe.recommend.observe.EngineCreatedPaths;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.WriteEvidence.WriteEvidenceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds what a probe by exec left in the diff of engines that compare the modification times of
/// directories (Podman). A probe creates a file in one directory of the system after the other, and
/// removes it. A service uses one directory for temporary files, and never `/usr` or `/home`.
final class ProbeTraceFinder {
    /// Much longer than a probe takes from one directory to the next.
    private static final Duration MAX_GAP = Duration.ofMillis(100);

    private final FileLookupCache files;
    private final MountPlacementRules directories;

    private ProbeTraceFinder(FileLookupCache files, MountPlacementRules directories) {
        this.files = files;
        this.directories = directories;
    }

    /// @return the directories for temporary files that changed together with another directory of
    ///   the system, and in which nothing else is known to have been written
    static Set<WriteEvidence> find(
            List<WriteEvidence> traces, FileLookupCache files, MountPlacementRules directories) {
        return new ProbeTraceFinder(files, directories).find(traces);
    }

    private Set<WriteEvidence> find(List<WriteEvidence> traces) {
        List<WriteEvidence> touched = traces.stream().filter(this::isTouched).toList();
        return touched.stream()
                .filter(trace -> isForTemporaryFiles(trace.path()))
                .filter(trace -> touched.stream().anyMatch(other -> isTogether(trace, other)))
                .collect(toSet());
    }

    /// The engine creates its mount points at each start, when the service may do so too.
    private boolean isTouched(WriteEvidence trace) {
        return trace.kind() == WriteEvidenceKind.DIRECTORY_CHANGED
                && trace.sources().equals(Set.of(WriteEvidenceSource.DIFF))
                && (directories.isGeneral(trace.path())
                        || directories.isShared(trace.path())
                        || isForTemporaryFiles(trace.path()))
                && !EngineCreatedPaths.hasIn(trace.path());
    }

    private boolean isForTemporaryFiles(String path) {
        return directories.wholeDirectory(path).filter(path::equals).isPresent();
    }

    private boolean isTogether(WriteEvidence one, WriteEvidence other) {
        Optional<Instant> changed = changed(one);
        return changed.isPresent()
                && !one.path().equals(other.path())
                && changed(other)
                        .filter(at ->
                                Duration.between(at, changed.get()).abs().compareTo(MAX_GAP) <= 0)
                        .isPresent();
    }

    private Optional<Instant> changed(WriteEvidence trace) {
        return files.entry(trace.path()).flatMap(FileFacts::modified);
    }
}
