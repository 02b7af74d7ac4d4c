package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.recommend.known.AnyImageHints;
import io.github.writeprobe.recommend.known.Lifetime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Checks whether a tmpfs can hold what is written to a directory, and what it would hide there.
final class TmpfsSuitabilityCheck {
    /// Larger data do not belong in memory.
    static final long MAX_BYTES = 512L << 20;

    static final int MAX_HIDDEN_DIRECTORIES = 4;

    /// @param content of the image in that directory
    /// @param hidden directories of the image that no other mount shows again
    /// @param bytes in use now, or when it was written
    record Found(ImageFilesystem.Content content, List<String> hidden, long bytes) {
        Found {
            hidden = List.copyOf(hidden);
        }
    }

    private final AnyImageHints hints;
    private final ImageFilesystem imageFilesystem;
    private final Set<String> existingMountPoints;

    /// @param existingMountPoints directories that already have a mount
    TmpfsSuitabilityCheck(
            AnyImageHints hints, ImageFilesystem imageFilesystem, Set<String> existingMountPoints) {
        this.hints = hints;
        this.imageFilesystem = imageFilesystem;
        this.existingMountPoints = Set.copyOf(existingMountPoints);
    }

    /// @param mounted other directories with a mount
    Found find(MountCandidate place, Collection<String> mounted) {
        String path = place.path();
        ImageFilesystem.Content content = imageFilesystem.content(path);
        List<String> inside =
                Stream.concat(mounted.stream(), existingMountPoints.stream())
                        .filter(m -> !m.equals(path) && MountTable.isAtOrBelow(m, path))
                        .toList();
        List<String> hidden =
                content.directories().stream()
                        .filter(d -> inside.stream().noneMatch(m -> MountTable.isAtOrBelow(d, m)))
                        .toList();
        return new Found(content, hidden, bytes(place, Set.copyOf(inside)));
    }

    /// The size of all that lies under the mount: the files that are there now, whoever wrote them,
    /// and those that were written and are gone.
    private long bytes(MountCandidate place, Set<String> mounted) {
        long gone =
                place.traces().stream()
                        .filter(WriteEvidence::gone)
                        .mapToLong(WriteEvidence::bytes)
                        .sum();
        return Math.max(place.bytes(), gone + imageFilesystem.currentBytes(place.path(), mounted));
    }

    /// Why data that need not outlive the container get a volume instead of a tmpfs.
    ///
    /// @return empty if a tmpfs can hold them
    Optional<String> obstacle(MountCandidate place, Found found) {
        ImageFilesystem.Content content = found.content();
        if (found.bytes() > MAX_BYTES) {
            return Optional.of(
                    WriteEvidenceWording.bytes(found.bytes())
                            + " in use there, which is too much for a tmpfs; so a volume is"
                            + " proposed, although the data need not be kept");
        }
        if (mayHide(place.path())) {
            return Optional.empty();
        }
        boolean onlyLogs =
                place.lifetime().equals(Optional.of(Lifetime.LOG))
                        && content.examples().stream().allMatch(this::isLog);
        if (content.files() > 0 && !onlyLogs) {
            return Optional.of(
                    "the image has "
                            + WriteEvidenceWording.shortList(content.examples())
                            + (content.files() > content.examples().size() ? " and others" : "")
                            + " there: a tmpfs would hide them, a new volume gets a copy of them");
        }
        if (found.hidden().size() > MAX_HIDDEN_DIRECTORIES) {
            return Optional.of(
                    "the image has "
                            + found.hidden().size()
                            + " directories there: a tmpfs would hide them, a new volume gets a"
                            + " copy of them");
        }
        return Optional.empty();
    }

    /// Whether a directory is one of many programs, or empty after a start by convention.
    private boolean mayHide(String path) {
        return hints.directories().isVolatile(path)
                || hints.directories().wholeDirectory(path).isPresent()
                || hints.directories().isShared(path);
    }

    private boolean isLog(String path) {
        return hints.hintFor(path).filter(h -> h.lifetime() == Lifetime.LOG).isPresent();
    }
}
