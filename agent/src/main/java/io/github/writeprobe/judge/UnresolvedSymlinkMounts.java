package io.github.writeprobe.judge;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Writable mounts that are declared behind a symbolic link, where no witness could follow it: so
/// one that seems undeclared may be theirs.
///
/// What is declared read-only explains no mount that is writable.
final class UnresolvedSymlinkMounts {
    private final JudgedContainer judged;
    private final List<Mount> declared;
    private final Set<Mount> possiblyDeclared;

    /// @param found writable mounts that no declaration leads to
    UnresolvedSymlinkMounts(JudgedContainer judged, List<Mount> found) {
        this.judged = judged;
        this.declared =
                judged.mounts().stream()
                        .filter(m -> m.declaredWritable().orElse(false) && m.entry().isEmpty())
                        .filter(m -> m.kind() != MountKind.ROOTFS && isUnresolved(m))
                        .toList();
        this.possiblyDeclared = findPossiblyDeclared(found);
    }

    /// Whether it may well be declared.
    boolean mayBeDeclared(Mount found) {
        return possiblyDeclared.contains(found);
    }

    /// A sentence for each that may be.
    Stream<String> unproved() {
        String places = FindingText.list(declared.stream().map(Mount::mountPoint).toList());
        return possiblyDeclared.stream()
                .map(m ->
                        "what is mounted at "
                                + m.mountPoint()
                                + " may be what is declared at "
                                + places
                                + ", where no witness could follow a symbolic link")
                .sorted();
    }

    /// No more than there are such declarations; otherwise none, since some are not.
    private Set<Mount> findPossiblyDeclared(List<Mount> found) {
        List<Mount> candidates =
                found.stream()
                        .filter(m -> declared.stream().anyMatch(d -> mayBeSameMount(d, m)))
                        .filter(m -> declared.stream().noneMatch(d -> isHiding(m, d)))
                        .filter(m -> !isAtDeclaredMountPoint(m))
                        .filter(m -> isFirstOfItsFilesystem(m, found))
                        .toList();
        long otherMounts = candidates.stream().filter(m -> !isTmpfs(m)).count();
        long declaredOtherMounts =
                declared.stream().filter(d -> d.kind() != MountKind.TMPFS).count();
        return candidates.size() <= declared.size() && otherMounts <= declaredOtherMounts
                ? Set.copyOf(candidates)
                : Set.of();
    }

    /// A declaration makes one mount of a directory; what shows it again was made later.
    private static boolean isFirstOfItsFilesystem(Mount m, List<Mount> found) {
        return found.stream()
                .filter(other -> showsTheSame(m, other))
                .findFirst()
                .orElse(m)
                .equals(m);
    }

    private static boolean showsTheSame(Mount a, Mount b) {
        return a.entry().isPresent()
                && b.entry().isPresent()
                && a.entry().get().device().equals(b.entry().get().device())
                && a.entry().get().root().equals(b.entry().get().root());
    }

    /// Whether something else is declared there: then it hides that, and is not what is declared
    /// behind the link.
    private boolean isAtDeclaredMountPoint(Mount found) {
        return judged.container().mounts().stream()
                .anyMatch(d -> d.destination().equals(found.mountPoint()));
    }

    /// Whether it was tried, and nobody got there.
    private boolean isUnresolved(Mount m) {
        List<Observation> tried =
                judged.paths().stream()
                        .filter(p -> p.path().equals(m.mountPoint()))
                        .flatMap(p -> p.observations().stream())
                        .toList();
        return !tried.isEmpty() && tried.stream().noneMatch(UnresolvedSymlinkMounts::isReached);
    }

    /// Whether somebody got there, so that a mount would have been seen. The kernel follows links
    /// for whoever asks it; a shell calls absent, or a link to nowhere, what its user may not look
    /// into.
    private static boolean isReached(Observation o) {
        boolean kernel = o.witness() == WitnessName.PROCFS;
        return switch (o.write()) {
            case Write.Writable _, Write.Refused _ -> true;
            case Write.Absent _ -> kernel;
            case Write.Inconclusive i ->
                    switch (i.cause()) {
                        case IMAGE_FILE, SPECIAL_FILE, NAME_TAKEN -> true;
                        case UNEXPECTED_ERROR -> kernel;
                        default -> false;
                    };
        };
    }

    /// Whether a declared mount is not seen because another one lies over where it is.
    private static boolean isHiding(Mount found, Mount declared) {
        return MountTable.isAtOrBelow(declared.mountPoint(), found.mountPoint());
    }

    private static boolean mayBeSameMount(Mount declared, Mount found) {
        return declared.kind() != MountKind.TMPFS || isTmpfs(found);
    }

    private static boolean isTmpfs(Mount m) {
        return m.entry().map(MountEntry::filesystem).filter("tmpfs"::equals).isPresent();
    }
}
