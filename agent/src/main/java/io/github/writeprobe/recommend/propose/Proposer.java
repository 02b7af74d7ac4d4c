package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.ExistingMounts.Mount;
import io.github.writeprobe.recommend.propose.KnownImageMatcher.RecognisedImage;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.WriteEvidence.WriteEvidenceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Proposes what to declare for a container. The same observations give the same proposal.
///
/// For each path that was written, the first of these applies: an existing mount covers it; a known
/// setting prevents the write; it must outlive the container, and gets a volume; it need not, and
/// gets a tmpfs; its lifetime is not known, and it gets a volume with a note.
public final class Proposer {
    private final KnownImages known;

    public Proposer(KnownImages known) {
        this.known = requireNonNull(known);
    }

    public Proposal propose(ProposalInput observed) {
        return new ProposalBuilder(known, observed).build();
    }

    /// One proposal while it is built.
    private static final class ProposalBuilder {
        private final KnownImages known;
        private final ProposalInput observed;
        private final ProposalTarget subject;
        private final FileLookupCache fileView;
        private final ExistingMounts mounts;
        private final ImageFilesystem imageFilesystem;
        private final TmpfsSuitabilityCheck tmpfsCheck;
        private final ProposalNotes notes;

        ProposalBuilder(KnownImages known, ProposalInput observed) {
            this.known = known;
            this.observed = observed;
            subject = observed.subject();
            fileView = new FileLookupCache(observed.files());
            mounts = new ExistingMounts(subject.container().mounts(), fileView);
            imageFilesystem =
                    new ImageFilesystem(
                            fileView,
                            WriteEvidenceMerger.addedPaths(observed),
                            mounts.mountPoints(),
                            known.hints().directories());
            tmpfsCheck =
                    new TmpfsSuitabilityCheck(known.hints(), imageFilesystem, mounts.mountPoints());
            notes = new ProposalNotes(observed);
        }

        Proposal build() {
            List<WriteEvidence> traces = WriteEvidenceMerger.of(observed, fileView);
            List<RecognisedImage> recognised =
                    new KnownImageMatcher(subject, traces, fileView, known).recognise(known);
            Map<Mount, List<WriteEvidence>> covered = new LinkedHashMap<>();
            mounts.all().forEach(m -> covered.put(m, new ArrayList<>()));
            List<WriteEvidence> uncovered = new ArrayList<>();
            for (WriteEvidence trace : traces) {
                Optional<Mount> mount = mounts.containing(trace.path());
                if (mount.isEmpty()) {
                    uncovered.add(trace);
                } else if (!Set.of(WriteEvidenceSource.DIFF).containsAll(trace.sources())) {
                    // A change there is only the mount point that the engine created.
                    covered.computeIfAbsent(mount.get(), c -> new ArrayList<>()).add(trace);
                }
            }
            SettingChooser.Chosen settings =
                    new SettingChooser(subject, uncovered).choose(recognised);
            uncovered.removeAll(settings.prevented());
            MountPointChooser.Placed placed = place(uncovered, recognised);
            TmpfsOrVolumeChooser provisioning =
                    new TmpfsOrVolumeChooser(subject, known.hints(), imageFilesystem, tmpfsCheck);
            provisioning.provide(placed.places());

            List<ProposalItem> provisions = new ArrayList<>();
            covered.keySet().removeIf(mount -> ExistingMounts.isOfKubelet(mount, subject));
            covered.forEach((mount, mountTraces) -> provisions.add(kept(mount, mountTraces)));
            provisions.addAll(settings.settings());
            provisions.addAll(provisioning.provisions());
            notes.addNothingNeeded(provisions);
            notes.addAll(settings.notes());
            notes.addDataToCopy(placed.places());
            notes.addOwnerChanges();
            notes.addUnmountable(placed.unmountable());
            notes.addDropped(placed.dropped());
            notes.addAll(provisioning.notes());
            covered.forEach((mount, mountTraces) ->
                    notes.addMount(mount.declared(), !mountTraces.isEmpty()));
            recognised.forEach(r -> r.image().notes().forEach(notes::add));
            notes.addInjected(observed.injected());
            notes.addExhausted(fileView.isExhausted());
            return new Proposal(
                    subject, provisions, notes.all(), observed.watched(), observed.shortfalls());
        }

        private MountPointChooser.Placed place(
                List<WriteEvidence> uncovered, List<RecognisedImage> recognised) {
            PathLifetimeClassifier lifetimeJudge =
                    new PathLifetimeClassifier(
                            recognised, known.hints(), subject, imageFilesystem, fileView);
            List<PathLifetimeDecision> written = new ArrayList<>();
            List<PathLifetimeDecision> incidental = new ArrayList<>();
            List<WriteEvidence> removed = new ArrayList<>();
            Set<WriteEvidence> ofProbes =
                    ProbeTraceFinder.find(uncovered, fileView, known.hints().directories());
            for (WriteEvidence trace : uncovered) {
                PathLifetimeDecision judged = lifetimeJudge.judge(trace);
                if (judged.hasLifetime(Lifetime.INCIDENTAL)) {
                    incidental.add(judged);
                } else if (trace.kind() == WriteEvidenceKind.REMOVED) {
                    removed.add(trace);
                } else if (ofProbes.contains(trace)) {
                    notes.addProbed(trace);
                } else if (trace.kind() != WriteEvidenceKind.DIRECTORY_CHANGED
                        || isEvidenceOfWrite(trace, judged)) {
                    written.add(judged);
                } else {
                    notes.addTouched(trace, known.hints().directories());
                }
            }
            notes.addIncidental(incidental);
            MountPointChooser.Placed placed =
                    new MountPointChooser(
                                    known.hints().directories(),
                                    imageFilesystem,
                                    tmpfsCheck,
                                    isDiffComplete())
                            .place(written, required(recognised));
            notes.addRemoved(removed, placed.places());
            return placed;
        }

        /// A directory that changed without any trace of a file counts as a write only in
        /// directories where temporary files are expected.
        private boolean isEvidenceOfWrite(WriteEvidence trace, PathLifetimeDecision judged) {
            return known.hints().directories().wholeDirectory(trace.path()).isPresent()
                    || judged.mountPoint().isPresent();
        }

        private boolean isDiffComplete() {
            return observed.shortfalls().stream()
                    .noneMatch(s -> s.source() == WriteEvidenceSource.DIFF);
        }

        /// The directories that a known image needs, even if no write was seen.
        private Map<String, MountCandidate.Requirement> required(List<RecognisedImage> recognised) {
            Map<String, MountCandidate.Requirement> required = new TreeMap<>();
            for (RecognisedImage kind : recognised) {
                for (KnownPath path : kind.image().paths()) {
                    String at = fileView.resolved(path.pattern());
                    boolean exists =
                            fileView.isDirectory(at)
                                    || known.hints().directories().wholeDirectory(at).isPresent();
                    if (path.always() && exists && mounts.containing(at).isEmpty()) {
                        required.putIfAbsent(
                                at,
                                new MountCandidate.Requirement(
                                        path.lifetime(),
                                        at + ": " + PathLifetimeClassifier.reason(kind, path),
                                        path.execute()));
                    }
                }
            }
            return required;
        }

        private Kept kept(Mount mount, List<WriteEvidence> traces) {
            List<ProposalItemEvidence> evidence =
                    new ArrayList<>(WriteEvidenceWording.evidence(traces));
            if (traces.isEmpty()) {
                evidence.add(notes.unusedEvidence(mount.declared()));
            }
            return new Kept(mount.declared(), !traces.isEmpty(), evidence);
        }
    }
}
