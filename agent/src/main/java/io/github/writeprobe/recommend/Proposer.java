package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.ExistingMounts.Mount;
import io.github.writeprobe.recommend.ImageRecognition.Recognised;
import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Trace.What;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.Lifetime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Proposes what to declare for a container. The same observations give the same proposal.
///
/// For each path that was written: an existing mount has it already; a known setting switches it
/// off; it has to outlive the container, and gets a volume; it need not, and gets a tmpfs; it
/// cannot be told, and gets a volume that says so.
public final class Proposer {
    private final KnownImages known;

    public Proposer(KnownImages known) {
        this.known = requireNonNull(known);
    }

    public Proposal propose(Observations observed) {
        return new Thought(known, observed).proposal();
    }

    /// One proposal while it is made.
    private static final class Thought {
        private final KnownImages known;
        private final Observations observed;
        private final Subject subject;
        private final BoundedFileView looks;
        private final ExistingMounts mounts;
        private final ImageFilesystem ground;
        private final ProposalNotes notes;

        Thought(KnownImages known, Observations observed) {
            this.known = known;
            this.observed = observed;
            subject = observed.subject();
            looks = new BoundedFileView(observed.files());
            mounts = new ExistingMounts(subject.container().mounts(), looks);
            ground =
                    new ImageFilesystem(
                            looks,
                            Traces.added(observed),
                            mounts.points(),
                            known.hints().directories());
            notes = new ProposalNotes(observed);
        }

        Proposal proposal() {
            List<Trace> traces = Traces.of(observed, looks);
            List<Recognised> recognised =
                    new ImageRecognition(subject, traces, looks, known).of(known);
            Map<Mount, List<Trace>> covered = new LinkedHashMap<>();
            mounts.all().forEach(m -> covered.put(m, new ArrayList<>()));
            List<Trace> uncovered = new ArrayList<>();
            for (Trace trace : traces) {
                Optional<Mount> mount = mounts.covering(trace.path());
                if (mount.isEmpty()) {
                    uncovered.add(trace);
                } else if (!Set.of(EvidenceSource.DIFF).containsAll(trace.sources())) {
                    // What differs there from the image is the mount point that the engine made.
                    covered.computeIfAbsent(mount.get(), c -> new ArrayList<>()).add(trace);
                }
            }
            SettingChooser.Chosen settings = new SettingChooser(subject, uncovered).of(recognised);
            uncovered.removeAll(settings.prevented());
            MountPlacement.Placed placed = place(uncovered, recognised);
            Provisioning provisioning =
                    new Provisioning(
                            subject, known.hints(), ground, allThatStaysIsKnown(), mounts.points());
            provisioning.provide(placed.places());

            List<Provision> provisions = new ArrayList<>();
            covered.forEach((mount, there) -> provisions.add(kept(mount, there)));
            provisions.addAll(settings.settings());
            provisions.addAll(provisioning.provisions());
            notes.needed(provisions);
            notes.addAll(settings.notes());
            notes.moved(provisioning.provisions());
            notes.stranded(placed.stranded());
            notes.dropped(placed.dropped());
            notes.addAll(provisioning.notes());
            covered.forEach((mount, there) -> notes.mount(mount.declared(), !there.isEmpty()));
            recognised.forEach(r -> r.image().notes().forEach(notes::add));
            notes.exhausted(looks.exhausted());
            return new Proposal(
                    subject, provisions, notes.all(), observed.watched(), observed.shortfalls());
        }

        private MountPlacement.Placed place(List<Trace> uncovered, List<Recognised> recognised) {
            LifetimeJudge judgement =
                    new LifetimeJudge(
                            recognised, known.hints(), subject.imageVolumes(), ground, looks);
            List<JudgedTrace> written = new ArrayList<>();
            List<JudgedTrace> incidental = new ArrayList<>();
            List<Trace> removed = new ArrayList<>();
            for (Trace trace : uncovered) {
                JudgedTrace judged = judgement.of(trace);
                if (judged.is(Lifetime.INCIDENTAL)) {
                    incidental.add(judged);
                } else if (trace.what() == What.REMOVED) {
                    removed.add(trace);
                } else if (trace.what() != What.TOUCHED || isTelling(trace, judged)) {
                    written.add(judged);
                } else {
                    notes.touched(trace, known.hints().directories());
                }
            }
            notes.incidental(incidental);
            MountPlacement.Placed placed =
                    new MountPlacement(known.hints().directories(), ground, allThatStaysIsKnown())
                            .place(written, needed(recognised));
            notes.removed(removed, placed.places());
            return placed;
        }

        /// That something changed in a directory and left no trace, tells of a write only where
        /// such things are written.
        private boolean isTelling(Trace trace, JudgedTrace judged) {
            return known.hints().directories().whole(trace.path()).isPresent()
                    || judged.anchor().isPresent();
        }

        private boolean allThatStaysIsKnown() {
            return observed.shortfalls().stream().noneMatch(s -> s.source() == EvidenceSource.DIFF);
        }

        /// What images like this one need, whether it was seen or not.
        private Map<String, MountPlace.Needed> needed(List<Recognised> recognised) {
            Map<String, MountPlace.Needed> needed = new TreeMap<>();
            for (Recognised kind : recognised) {
                for (KnownPath path : kind.image().paths()) {
                    String at = looks.resolved(path.pattern());
                    boolean there =
                            looks.directory(at)
                                    || known.hints().directories().whole(at).isPresent();
                    if (path.always() && there && mounts.covering(at).isEmpty()) {
                        needed.putIfAbsent(
                                at,
                                new MountPlace.Needed(
                                        path.lifetime(),
                                        at + ": " + LifetimeJudge.because(kind, path),
                                        path.execute()));
                    }
                }
            }
            return needed;
        }

        private Kept kept(Mount mount, List<Trace> there) {
            List<ProvisionEvidence> evidence = new ArrayList<>(ObservationWording.written(there));
            if (there.isEmpty()) {
                evidence.add(notes.unused(mount.declared()));
            }
            return new Kept(mount.declared(), !there.isEmpty(), evidence);
        }
    }
}
