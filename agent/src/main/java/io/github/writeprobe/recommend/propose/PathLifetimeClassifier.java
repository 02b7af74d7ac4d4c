package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.policy.Glob;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup.Listing;
import io.github.writeprobe.recommend.known.AnyImageHints;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import io.github.writeprobe.recommend.known.MountPlacementRules.DataSign;
import io.github.writeprobe.recommend.known.PathHint;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.KnownImageMatcher.RecognisedImage;
import io.github.writeprobe.recommend.propose.WriteEvidence.WriteEvidenceKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides whether written data must outlive the container. These sources are tried in order: known
/// images, the VOLUMEs of the image, the files of a database in a directory, the file type, and the
/// hints for its path.
final class PathLifetimeClassifier {
    private record KnownPathMatch(RecognisedImage kind, KnownPath path, String at) {}

    private record DatabaseDirectory(String directory, String reason) {}

    private final List<RecognisedImage> recognised;
    private final AnyImageHints hints;
    private final Set<String> imageVolumes;
    private final Set<String> lost;
    private final ImageFilesystem imageFilesystem;
    private final FileLookupCache fileView;
    private final Map<String, Optional<DatabaseDirectory>> databases = new HashMap<>();

    PathLifetimeClassifier(
            List<RecognisedImage> recognised,
            AnyImageHints hints,
            ProposalTarget subject,
            ImageFilesystem imageFilesystem,
            FileLookupCache fileView) {
        this.recognised = List.copyOf(recognised);
        this.hints = hints;
        this.imageVolumes = subject.imageVolumes();
        this.lost = subject.state().lost();
        this.imageFilesystem = imageFilesystem;
        this.fileView = fileView;
    }

    PathLifetimeDecision judge(WriteEvidence trace) {
        if (lost.contains(trace.path())) {
            return new PathLifetimeDecision(
                    trace,
                    Optional.of(Lifetime.PERSISTENT),
                    trace.path(),
                    "it was gone after a clone was restarted",
                    WriteEvidenceSource.PROOF,
                    Optional.empty(),
                    false);
        }
        Optional<PathHint> hint = hints.hintFor(trace.path());
        if (hint.filter(h -> h.lifetime() == Lifetime.INCIDENTAL).isPresent()) {
            return judgeByHint(trace, hint.get());
        }
        return judgeByKnownPath(trace)
                .or(() -> judgeByImageVolume(trace))
                .or(() -> judgeByDatabase(trace))
                .or(() -> judgeByFileType(trace))
                .or(() -> hint.map(h -> judgeByHint(trace, h)))
                .orElseGet(() -> PathLifetimeDecision.unclear(trace));
    }

    private Optional<PathLifetimeDecision> judgeByKnownPath(WriteEvidence trace) {
        List<String> withAncestors =
                PathStrings.withAncestors(PathStrings.limitDepth(trace.path()));
        return recognised.stream()
                .flatMap(kind ->
                        kind.image().paths().stream()
                                .flatMap(path -> matchingPath(kind, path, withAncestors).stream()))
                // Of equally long matches, the first applies.
                .reduce((a, b) -> b.at().length() > a.at().length() ? b : a)
                .map(match -> judgeByKnownPath(trace, match));
    }

    private static Optional<KnownPathMatch> matchingPath(
            RecognisedImage kind, KnownPath path, List<String> withAncestors) {
        return withAncestors.stream()
                .filter(at -> Glob.matches(path.pattern(), at))
                .min(Comparator.comparingInt(String::length))
                .map(at -> new KnownPathMatch(kind, path, at));
    }

    private PathLifetimeDecision judgeByKnownPath(WriteEvidence trace, KnownPathMatch match) {
        boolean file = trace.kind() == WriteEvidenceKind.FILE && match.at().equals(trace.path());
        String directory = file ? PathStrings.parent(match.at()) : match.at();
        return new PathLifetimeDecision(
                trace,
                Optional.of(match.path().lifetime()),
                match.at(),
                reason(match.kind(), match.path()),
                WriteEvidenceSource.KNOWN,
                Optional.of(directory).filter(d -> canMountOn(d, match.path().lifetime(), file)),
                match.path().execute());
    }

    static String reason(RecognisedImage kind, KnownPath path) {
        return (path.reason().isEmpty() ? path.lifetime().label() : path.reason())
                + " ("
                + kind.image().name()
                + ", matched by "
                + kind.matchedBy()
                + "; "
                + kind.image().source()
                + ")";
    }

    /// Whether the whole directory can be the mount point. If a tmpfs there would hide files of the
    /// image, only the directory that was really written gets the mount.
    private boolean canMountOn(String directory, Lifetime lifetime, boolean file) {
        MountPlacementRules directories = hints.directories();
        if (directories.isGeneral(directory)) {
            return false;
        }
        return switch (lifetime) {
            case PERSISTENT -> true;
            case EPHEMERAL, LOG ->
                    !file
                            && (directories.wholeDirectory(directory).isPresent()
                                    || imageFilesystem.content(directory).files() == 0);
            case INCIDENTAL -> false;
        };
    }

    private Optional<PathLifetimeDecision> judgeByImageVolume(WriteEvidence trace) {
        return imageVolumes.stream()
                .filter(v -> MountTable.isAtOrBelow(trace.path(), v))
                .max(Comparator.comparingInt(String::length))
                .map(v ->
                        new PathLifetimeDecision(
                                trace,
                                Optional.of(Lifetime.PERSISTENT),
                                v,
                                "a VOLUME of the image",
                                WriteEvidenceSource.IMAGE,
                                Optional.of(v),
                                false));
    }

    private Optional<PathLifetimeDecision> judgeByDatabase(WriteEvidence trace) {
        return databaseAbove(trace.directory())
                .map(d ->
                        new PathLifetimeDecision(
                                trace,
                                Optional.of(Lifetime.PERSISTENT),
                                d.directory(),
                                d.reason(),
                                WriteEvidenceSource.KNOWN,
                                Optional.of(d.directory()),
                                false));
    }

    /// The uppermost directory that contains the files of a database.
    private Optional<DatabaseDirectory> databaseAbove(String directory) {
        MountPlacementRules directories = hints.directories();
        if (directories.isGeneral(directory)
                || directories.isShared(directory)
                || directories.wholeDirectory(directory).isPresent()) {
            return Optional.empty();
        }
        Optional<DatabaseDirectory> known = databases.get(directory);
        if (known == null) {
            known = databaseAbove(PathStrings.parent(directory)).or(() -> databaseIn(directory));
            databases.put(directory, known);
        }
        return known;
    }

    private Optional<DatabaseDirectory> databaseIn(String directory) {
        Set<String> names =
                fileView.list(directory).map(Listing::entries).orElse(List.of()).stream()
                        .map(FileFacts::path)
                        .map(PathStrings::name)
                        .collect(Collectors.toSet());
        return hints.directories().data().stream()
                .filter(sign -> names.contains(sign.file()))
                .map(DataSign::reason)
                .findFirst()
                .map(reason -> new DatabaseDirectory(directory, reason));
    }

    private static Optional<PathLifetimeDecision> judgeByFileType(WriteEvidence trace) {
        String what =
                switch (trace.type()) {
                    case SOCKET -> "a socket";
                    case FIFO -> "a named pipe";
                    case REGULAR, DIRECTORY, SYMLINK, DEVICE, UNKNOWN -> "";
                };
        return what.isEmpty()
                ? Optional.empty()
                : Optional.of(PathLifetimeDecision.of(trace, Lifetime.EPHEMERAL, what));
    }

    private static PathLifetimeDecision judgeByHint(WriteEvidence trace, PathHint hint) {
        return PathLifetimeDecision.of(trace, hint.lifetime(), hint.reason());
    }
}
