package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.AnyImageHints;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Turns each place into a tmpfs or a volume.
final class TmpfsOrVolumeChooser {
    private static final int DEFAULT_MODE = 0755;
    private static final int SHARED_MODE = 01777;

    private record Owner(int mode, long uid, long gid, boolean known) {}

    private final ProposalTarget subject;
    private final AnyImageHints hints;
    private final ImageFilesystem imageFilesystem;
    private final TmpfsSuitabilityCheck tmpfsCheck;
    private final TreeMap<String, Tmpfs> tmpfs = new TreeMap<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final VolumeNames names = new VolumeNames();

    TmpfsOrVolumeChooser(
            ProposalTarget subject,
            AnyImageHints hints,
            ImageFilesystem imageFilesystem,
            TmpfsSuitabilityCheck tmpfsCheck) {
        this.subject = subject;
        this.hints = hints;
        this.imageFilesystem = imageFilesystem;
        this.tmpfsCheck = tmpfsCheck;
    }

    void provide(List<MountCandidate> places) {
        Set<String> mounted = places.stream().map(MountCandidate::path).collect(Collectors.toSet());
        for (MountCandidate place : places) {
            Optional<Lifetime> lifetime = place.lifetime();
            if (lifetime.isEmpty()) {
                addVolume(place, false, List.of());
                notes.add(ProposedMountNotes.unclearLifetime(place.path()));
            } else if (lifetime.get() == Lifetime.PERSISTENT) {
                addVolume(place, true, List.of());
            } else if (place.tmpfsObstacle().isPresent()) {
                addVolumeInstead(place, place.tmpfsObstacle().get());
            } else {
                addTmpfs(place, lifetime.get() == Lifetime.LOG, tmpfsCheck.find(place, mounted));
            }
        }
    }

    List<ProposalItem> provisions() {
        List<ProposalItem> all = new ArrayList<>(tmpfs.values());
        volumes.stream().sorted(Comparator.comparing(Volume::path)).forEach(all::add);
        return all;
    }

    List<String> notes() {
        return notes;
    }

    private void addVolumeInstead(MountCandidate place, String reason) {
        addVolume(
                place, false, List.of(new ProposalItemEvidence(WriteEvidenceSource.IMAGE, reason)));
        notes.add(place.path() + ": " + reason);
    }

    private void addTmpfs(MountCandidate place, boolean log, TmpfsSuitabilityCheck.Found found) {
        String path = place.path();
        ImageFilesystem.Content content = found.content();
        boolean isWhole = hints.directories().wholeDirectory(path).isPresent();
        List<ProposalItemEvidence> evidence = ProposalItemReasons.of(place);
        if (log) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.KNOWN,
                            "logs were lost with the container before, too, so they need no"
                                    + " volume"));
            notes.add(ProposedMountNotes.logsAreLost(path));
        }
        if (content.files() > 0) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.IMAGE,
                            "the tmpfs hides files of the image: "
                                    + WriteEvidenceWording.shortList(content.examples())
                                    + (content.files() > content.examples().size()
                                            ? " and others"
                                            : "")));
            if (hints.directories().isVolatile(path) && !hints.directories().isShared(path)) {
                notes.add(ProposedMountNotes.hidesFiles(path, content.examples()));
            }
        }
        Owner owner = owner(path);
        if (!owner.known()) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.IMAGE,
                            "owner and mode are a guess: the directory could not be inspected"));
        }
        long bytes = TmpfsSize.of(found.bytes(), isWhole || log);
        evidence.add(
                new ProposalItemEvidence(
                        ProposalItemReasons.firstSource(place), TmpfsSize.reason(found.bytes())));
        putTmpfs(path, bytes, owner, place.needsExec(), evidence);
        if (!isWhole) {
            addHiddenDirectories(path, found.hidden());
        }
    }

    private Volume.InImage inImage(String path) {
        if (imageFilesystem.isNew(path)) {
            return Volume.InImage.NOTHING;
        }
        return imageFilesystem.content(path).isEmpty()
                ? Volume.InImage.EMPTY_DIRECTORY
                : Volume.InImage.CONTENT;
    }

    /// Adds a tmpfs for each directory of the image that an empty tmpfs would hide. The service may
    /// write to it without creating it first.
    private void addHiddenDirectories(String path, List<String> hidden) {
        if (hidden.size() > TmpfsSuitabilityCheck.MAX_HIDDEN_DIRECTORIES) {
            notes.add(ProposedMountNotes.hidesDirectories(path, hidden));
            return;
        }
        for (String directory : hidden) {
            putTmpfs(
                    directory,
                    TmpfsSize.of(0, false),
                    owner(directory),
                    false,
                    List.of(
                            new ProposalItemEvidence(
                                    WriteEvidenceSource.IMAGE,
                                    "the image has this directory, which the tmpfs on "
                                            + path
                                            + " would hide")));
        }
    }

    private void putTmpfs(
            String path,
            long bytes,
            Owner owner,
            boolean execute,
            List<ProposalItemEvidence> evidence) {
        tmpfs.putIfAbsent(
                path,
                new Tmpfs(path, bytes, owner.mode(), owner.uid(), owner.gid(), execute, evidence));
    }

    private void addVolume(
            MountCandidate place, boolean certain, List<ProposalItemEvidence> extraEvidence) {
        String path = place.path();
        Owner owner = owner(path);
        List<ProposalItemEvidence> evidence = ProposalItemReasons.of(place);
        evidence.addAll(extraEvidence);
        if (!certain && extraEvidence.isEmpty()) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.KNOWN,
                            "it is not known whether the data must be kept"));
        }
        volumes.add(
                new Volume(
                        path,
                        names.assign(path),
                        certain,
                        inImage(path),
                        owner.mode(),
                        owner.uid(),
                        owner.gid(),
                        evidence));
        if (imageFilesystem.isNew(path)) {
            if (owner.uid() != 0) {
                notes.add(ProposedMountNotes.ownedByRoot(path, owner.uid(), owner.gid()));
            }
        } else if (!place.isPinned()
                && extraEvidence.isEmpty()
                && imageFilesystem.content(path).files() > 0) {
            notes.add(
                    ProposedMountNotes.copiesImageFiles(
                            path, imageFilesystem.content(path).examples()));
        }
    }

    private Owner owner(String path) {
        return imageFilesystem
                .facts(path)
                .map((FileFacts f) -> new Owner(f.mode(), f.uid(), f.gid(), true))
                .orElseGet(() ->
                        hints.directories().wholeDirectory(path).isPresent()
                                ? new Owner(SHARED_MODE, 0, 0, false)
                                : new Owner(
                                        DEFAULT_MODE,
                                        subject.uid().orElse(0L),
                                        subject.gid().orElse(0L),
                                        false));
    }
}
