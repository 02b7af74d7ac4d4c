package io.github.writeprobe.judge;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Mounts that are declared writable at a path with a symbolic link that no witness could resolve.
/// A mount that seems to be undeclared may be one of these.
///
/// Mounts that are declared read-only do not count: they do not explain a writable mount.
final class UnresolvedSymlinkMounts {
    /// The kernel leaves out a zero, and prints sizes in another unit.
    private static final Pattern PRINTED_OPTION =
            Pattern.compile("(?:uid|gid|nr_inodes)=[1-9][0-9]*");

    private final JudgingInput judged;
    private final List<JudgedMount> declared;
    private final Set<JudgedMount> possiblyDeclared;

    /// @param found writable mounts at paths that no declaration has
    UnresolvedSymlinkMounts(JudgingInput judged, List<JudgedMount> found) {
        this.judged = judged;
        this.declared =
                judged.mounts().stream()
                        .filter(m -> m.declaredWritable().orElse(false) && m.entry().isEmpty())
                        .filter(m -> m.kind() != MountKind.ROOTFS && isUnresolved(m))
                        .toList();
        this.possiblyDeclared = findPossiblyDeclared(found);
    }

    /// Whether a mount that was found may be a declared one.
    boolean mayBeDeclared(JudgedMount found) {
        return possiblyDeclared.contains(found);
    }

    /// A sentence for each mount that may be a declared one.
    Stream<String> unproved() {
        String places =
                PathObservationText.list(declared.stream().map(JudgedMount::mountPoint).toList());
        return possiblyDeclared.stream()
                .map(m ->
                        "the mount at "
                                + m.mountPoint()
                                + " may be the one declared at "
                                + places
                                + ": no witness could resolve the symbolic link there")
                .sorted();
    }

    /// Empty if more mounts were found than are declared: then at least one of them is undeclared.
    private Set<JudgedMount> findPossiblyDeclared(List<JudgedMount> found) {
        List<JudgedMount> candidates =
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
    private static boolean isFirstOfItsFilesystem(JudgedMount m, List<JudgedMount> found) {
        return found.stream()
                .filter(other -> showsTheSame(m, other))
                .findFirst()
                .orElse(m)
                .equals(m);
    }

    private static boolean showsTheSame(JudgedMount a, JudgedMount b) {
        return a.entry().isPresent()
                && b.entry().isPresent()
                && a.entry().get().device().equals(b.entry().get().device())
                && a.entry().get().root().equals(b.entry().get().root());
    }

    /// Whether something else is declared there: then it hides that, and is not what is declared
    /// behind the link.
    private boolean isAtDeclaredMountPoint(JudgedMount found) {
        return judged.container().mounts().stream()
                .anyMatch(d -> d.destination().equals(found.mountPoint()));
    }

    /// Whether witnesses tried the path, and none of them reached it.
    private boolean isUnresolved(JudgedMount m) {
        List<PathObservation> tried =
                judged.paths().stream()
                        .filter(p -> p.path().equals(m.mountPoint()))
                        .flatMap(p -> p.observations().stream())
                        .toList();
        return !tried.isEmpty() && tried.stream().noneMatch(UnresolvedSymlinkMounts::isReached);
    }

    /// Whether the probe reached the path, so that it would have seen a mount. `procfs` resolves
    /// all links, so an absent path is conclusive. A shell also reports a path as absent, or as a
    /// dangling link, if its user may not search a directory.
    private static boolean isReached(PathObservation o) {
        boolean kernel = o.witness() == WitnessName.PROCFS;
        return switch (o.write()) {
            case WriteResult.Writable _, WriteResult.Refused _ -> true;
            case WriteResult.Absent _ -> kernel;
            case WriteResult.Inconclusive i ->
                    switch (i.cause()) {
                        case IMAGE_FILE, SPECIAL_FILE, NAME_TAKEN, DELETED -> true;
                        case UNEXPECTED_ERROR -> kernel;
                        default -> false;
                    };
        };
    }

    /// Whether the mount that was found covers the path of the declared one.
    private static boolean isHiding(JudgedMount found, JudgedMount declared) {
        return MountTable.isAtOrBelow(declared.mountPoint(), found.mountPoint());
    }

    private boolean mayBeSameMount(JudgedMount declared, JudgedMount found) {
        return declared.kind() != MountKind.TMPFS
                || (isTmpfs(found) && hasOptions(found, tmpfsOptions(declared)));
    }

    /// Those that the kernel prints in the mount table as they were written.
    private Stream<String> tmpfsOptions(JudgedMount declared) {
        return judged.container().mounts().stream()
                .filter(d -> d.destination().equals(declared.mountPoint()))
                .flatMap(d -> Stream.of(d.options().split(",", -1)))
                .filter(option -> PRINTED_OPTION.matcher(option).matches());
    }

    private static boolean hasOptions(JudgedMount found, Stream<String> options) {
        return found.entry().filter(e -> options.allMatch(e.superOptions()::contains)).isPresent();
    }

    private static boolean isTmpfs(JudgedMount m) {
        return m.entry().map(MountEntry::filesystem).filter("tmpfs"::equals).isPresent();
    }
}
