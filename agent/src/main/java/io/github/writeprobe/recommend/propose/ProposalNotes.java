package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.WriteEvidence.WriteEvidenceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Notes on what a person should check or decide, in addition to the provisions.
final class ProposalNotes {
    /// A shorter watch does not show that something is never written.
    private static final Duration MIN_WATCH = Duration.ofMinutes(5);

    /// The name that an engine gives to an anonymous volume.
    private static final Pattern ANONYMOUS = Pattern.compile("[0-9a-f]{64}");

    private final ProposalInput observed;
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<String> touched = new ArrayList<>();
    private final List<String> probed = new ArrayList<>();

    ProposalNotes(ProposalInput observed) {
        this.observed = observed;
    }

    List<String> all() {
        List<String> all = new ArrayList<>(notes);
        if (!touched.isEmpty()) {
            all.add(
                    WriteEvidenceWording.shortList(touched)
                            + ": something was created there and removed, or the owner or mode was"
                            + " changed, which fails on a read-only root filesystem; check whether"
                            + " the service works without it");
        }
        if (!probed.isEmpty()) {
            all.add(
                    WriteEvidenceWording.shortList(probed)
                            + ": something was created there and removed at the same moment, as by"
                            + " a probe of writeprobe; mount a tmpfs there if the service did that");
        }
        return all;
    }

    void add(String note) {
        notes.add(note);
    }

    void addAll(Collection<String> newNotes) {
        notes.addAll(newNotes);
    }

    void addNothingNeeded(List<ProposalItem> provisions) {
        if (observed.subject().container().readonlyRootfs()) {
            notes.add("the root filesystem is already read-only");
            if (!observed.subject().state().refused().isEmpty()) {
                notes.add(
                        "a log shows only the write at which the service ended; --prove finds those"
                                + " that come after it");
            }
        } else if (provisions.stream().allMatch(ProposalItem.Kept.class::isInstance)) {
            notes.add(
                    provisions.isEmpty()
                            ? "no write was seen: a read-only root filesystem is all that is needed"
                            : "no write was seen outside of its mounts: a read-only root filesystem"
                                    + " is all that is needed");
        }
    }

    /// Compose writes these files into a container before it starts, and refuses to do so if the
    /// service is read-only.
    void addInjected(List<String> files) {
        if (!files.isEmpty()) {
            notes.add(
                    WriteEvidenceWording.shortList(files)
                            + ": Compose wrote this before the start, from a config with content:"
                            + " or environment:, or a secret with environment:. It refuses these in"
                            + " a read-only service, and docker compose up fails: in your Compose"
                            + " file, use file: instead");
        }
    }

    /// General directories are ignored: they change with every write below them, and with every
    /// probe.
    void addTouched(WriteEvidence trace, MountPlacementRules directories) {
        if (!directories.isGeneral(trace.path()) && !directories.isShared(trace.path())) {
            touched.add(trace.path());
        }
    }

    void addProbed(WriteEvidence trace) {
        probed.add(trace.path());
    }

    void addIncidental(List<PathLifetimeDecision> incidental) {
        Map<String, List<String>> byReason = new TreeMap<>();
        for (PathLifetimeDecision judged : incidental) {
            byReason.computeIfAbsent(judged.reason(), b -> new ArrayList<>())
                    .add(judged.trace().path());
        }
        byReason.forEach((reason, paths) ->
                notes.add(
                        WriteEvidenceWording.shortList(paths)
                                + ": "
                                + reason
                                + "; nothing is proposed for it"));
    }

    /// A file in a general directory gets no mount, because the mount would be on that directory.
    void addUnmountable(List<PathLifetimeDecision> unmountable) {
        Map<String, Set<String>> byDirectory = new TreeMap<>();
        for (PathLifetimeDecision judged : unmountable) {
            Optional<String> advice =
                    SystemFileAdvice.of(judged.trace().path(), observed.subject().environment());
            if (advice.isPresent()) {
                notes.add(judged.trace().path() + " is rewritten at the start: " + advice.get());
                continue;
            }
            byDirectory
                    .computeIfAbsent(judged.trace().directory(), d -> new TreeSet<>())
                    .add(judged.trace().path());
        }
        byDirectory.forEach((directory, paths) ->
                notes.add(
                        WriteEvidenceWording.shortList(paths)
                                + (paths.size() == 1 ? " is" : " are")
                                + " written, but cannot be made writable: a mount on "
                                + directory
                                + " would hide files of the system or keep old copies of them, and"
                                + " a mounted file cannot be replaced by a rename. "
                                + (MountTable.isAtOrBelow(directory, "/etc")
                                        ? "Change it in the image, or mount the finished file"
                                                + " read-only; if a script has to write it at the"
                                                + " start, let it write to a directory of its own,"
                                                + " which can be a tmpfs"
                                        : "Let the service write to a directory of its own")));
    }

    /// Owners and modes are changed by entry scripts (`chown -R`).
    void addOwnerChanges() {
        List<String> paths =
                observed.changes().stream()
                        .filter(change -> change.kind() == FileChange.Kind.OWNER_CHANGED)
                        .map(FileChange::path)
                        .toList();
        if (!paths.isEmpty()) {
            notes.add(
                    WriteEvidenceWording.shortList(paths)
                            + ": only the owner or the mode was changed, which fails on a read-only"
                            + " root filesystem; change it in the image if the service does not"
                            + " work without it");
        }
    }

    /// A new volume does not contain what is in the container's own layer now.
    ///
    /// @param places with data that must outlive the container, or may have to
    void addDataToCopy(List<MountCandidate> places) {
        List<String> paths =
                places.stream()
                        .filter(MountCandidate::isLasting)
                        .filter(place ->
                                place.traces().stream()
                                        .anyMatch(trace ->
                                                !trace.gone()
                                                        && trace.kind() == WriteEvidenceKind.FILE))
                        .map(MountCandidate::path)
                        .toList();
        if (!paths.isEmpty()) {
            notes.add(
                    WriteEvidenceWording.shortList(paths)
                            + ": the current data are in the container's own layer, which is lost"
                            + " when the container is replaced; copy them into the new volume"
                            + " first if you need them");
        }
    }

    void addRemoved(List<WriteEvidence> removed, List<MountCandidate> places) {
        List<String> paths =
                removed.stream()
                        .map(WriteEvidence::path)
                        .filter(p ->
                                places.stream()
                                        .noneMatch(
                                                place -> MountTable.isAtOrBelow(p, place.path())))
                        .toList();
        if (!paths.isEmpty()) {
            notes.add(
                    WriteEvidenceWording.shortList(paths)
                            + (paths.size() == 1 ? " was" : " were")
                            + " removed, which fails on a read-only root filesystem; remove from"
                            + " the image what the service must not have");
        }
    }

    void addDropped(List<String> directories) {
        if (!directories.isEmpty()) {
            notes.add(
                    directories.size()
                            + " more directories are written, but nothing is proposed for them: "
                            + WriteEvidenceWording.shortList(directories));
        }
    }

    void addExhausted(boolean exhausted) {
        if (exhausted) {
            notes.add(
                    "too many files were written to inspect all of them, so some sizes and"
                            + " owners are a guess");
        }
    }

    void addMount(DeclaredMount mount, boolean used) {
        if (mount.kind() == MountKind.VOLUME && ANONYMOUS.matcher(mount.source()).matches()) {
            notes.add(
                    mount.destination()
                            + " is an anonymous volume, which the next container does not get;"
                            + (used
                                    ? " give it a name if you need its data, otherwise use a tmpfs"
                                    : " no write was seen there"));
        } else if (!used && mount.writable() && isWatchedLongEnough()) {
            notes.add(
                    mount.destination()
                            + " is mounted writable, but no write was seen in "
                            + WriteEvidenceWording.duration(observed.watched())
                            + "; if it is never written, mount it read-only");
        }
    }

    private boolean isWatchedLongEnough() {
        return observed.watched().compareTo(MIN_WATCH) >= 0;
    }

    /// Why a mount is kept although no write to it was seen.
    ProposalItemEvidence unusedEvidence(DeclaredMount mount) {
        if (!mount.writable()) {
            return new ProposalItemEvidence(
                    WriteEvidenceSource.DECLARED, "it is mounted read-only");
        }
        return observed.watched().isZero()
                ? new ProposalItemEvidence(
                        WriteEvidenceSource.DECLARED,
                        "existing mount; the diff does not show writes to mounts, and it was"
                                + " not watched")
                : new ProposalItemEvidence(
                        WriteEvidenceSource.WATCH,
                        "existing mount; no write was seen there in "
                                + WriteEvidenceWording.duration(observed.watched()));
    }
}
