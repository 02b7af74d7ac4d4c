package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.recommend.observe.EngineCreatedPaths;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.prove.ProofCoverage.Phase;
import io.github.writeprobe.recommend.prove.ProofCoverage.PhaseName;
import io.github.writeprobe.recommend.prove.ProofCoverage.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Records what a read-only clone writes in each phase of its life. It can write only to mounts, so
/// their content at the end of each phase is compared.
final class CloneWriteRecorder {
    /// The files of a stopped clone are read through the engine, which sends everything below a
    /// directory for each listing.
    private static final long MAX_STOPPED_BYTES = 32 << 20;

    private static final int MAX_STOPPED_DIRECTORIES = 100;

    private final List<Phase> phases = new ArrayList<>();
    private final Set<String> everWritten = new TreeSet<>();
    private Optional<FileSnapshot> last = Optional.empty();

    List<Phase> phases() {
        return List.copyOf(phases);
    }

    /// All paths of all phases.
    Set<String> everWritten() {
        return everWritten;
    }

    /// @param files of the running clone, with its mounts
    void endRunning(PhaseName name, Duration duration, ProposalTarget clone, FileLookup files) {
        Set<String> mounts = writable(clone, mount -> true);
        Set<String> temporary = writable(clone, mount -> mount.kind() == MountKind.TMPFS);
        FileSnapshot now = FileSnapshot.of(mounts, files);
        add(name, duration, now, written(name, now, mounts, temporary, clone.state().created()));
        last = Optional.of(now);
    }

    private Set<String> written(
            PhaseName name,
            FileSnapshot now,
            Set<String> mounts,
            Set<String> temporary,
            Optional<Instant> created) {
        if (name == PhaseName.EXERCISE || name == PhaseName.SECOND_EXERCISE) {
            return now.changedSince(last.orElse(now));
        }
        // A tmpfs is empty at each start, so all that is in it was written.
        Set<String> written = new HashSet<>(now.within(temporary).entries().keySet());
        FileSnapshot lasting = now.within(without(mounts, temporary));
        written.addAll(
                last.map(earlier -> lasting.changedSince(earlier.within(lasting.roots())))
                        .orElseGet(() -> lasting.modifiedSince(created.orElse(Instant.MAX))));
        return written;
    }

    /// @param files of the stopped clone, without any tmpfs
    void endStopped(PhaseName name, Duration duration, ProposalTarget clone, FileLookup files) {
        Set<String> lasting = writable(clone, mount -> mount.kind() != MountKind.TMPFS);
        Optional<FileSnapshot> before = last.map(snapshot -> snapshot.within(lasting));
        if (before.isEmpty()) {
            addUnknown(name, duration, "it ended before its files were read");
            return;
        }
        if (!before.get().complete()
                || before.get().bytes() > MAX_STOPPED_BYTES
                || before.get().directories() > MAX_STOPPED_DIRECTORIES) {
            addUnknown(
                    name,
                    duration,
                    "it has too much data to read them after a stop, so the restart includes them");
            return;
        }
        FileSnapshot now = FileSnapshot.of(lasting, files);
        add(name, duration, now, now.changedSince(before.get()));
        if (now.complete()) {
            last = Optional.of(now);
        }
    }

    private void add(PhaseName name, Duration duration, FileSnapshot now, Set<String> written) {
        if (!now.complete()) {
            addUnknown(name, duration, "not all files in its mounts could be read");
            return;
        }
        Set<String> paths = withoutParents(written);
        everWritten.addAll(paths);
        phases.add(
                new Phase(
                        name,
                        duration,
                        new Written.Paths(
                                paths.stream().limit(Written.Paths.MAX_PATHS).toList(),
                                paths.size())));
    }

    private void addUnknown(PhaseName name, Duration duration, String reason) {
        phases.add(new Phase(name, duration, new Written.Unknown(reason)));
    }

    /// A directory changes whenever something in it is created or removed.
    private static Set<String> withoutParents(Set<String> paths) {
        Set<String> parents =
                paths.stream()
                        .map(path -> path.substring(0, path.lastIndexOf('/')))
                        .collect(Collectors.toSet());
        return paths.stream()
                .filter(path -> !parents.contains(path))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> without(Set<String> paths, Set<String> others) {
        return paths.stream().filter(path -> !others.contains(path)).collect(Collectors.toSet());
    }

    private static Set<String> writable(ProposalTarget clone, Predicate<DeclaredMount> selected) {
        return clone.container().mounts().stream()
                .filter(mount -> mount.writable() && selected.test(mount))
                .map(DeclaredMount::destination)
                .filter(path -> !EngineCreatedPaths.contains(path))
                .collect(Collectors.toSet());
    }
}
