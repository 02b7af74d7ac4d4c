package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.Provision.Tmpfs;
import io.github.writeprobe.recommend.Provision.Volume;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.PathHints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Makes a tmpfs or a volume of each place.
final class Provisioning {
    /// More is too much for memory.
    static final long MOST_IN_MEMORY = 512L << 20;

    private static final int FEW_DIRECTORIES = 4;
    private static final int DEFAULT_MODE = 0755;
    private static final int EVERYBODYS = 01777;

    private record Owner(int mode, long uid, long gid, boolean seen) {}

    private final Subject subject;
    private final PathHints hints;
    private final ImageFilesystem ground;
    private final boolean complete;
    private final Set<String> taken;
    private final TreeMap<String, Tmpfs> tmpfs = new TreeMap<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final VolumeNames names = new VolumeNames();

    /// @param taken directories that are mounted on already
    Provisioning(
            Subject subject,
            PathHints hints,
            ImageFilesystem ground,
            boolean complete,
            Set<String> taken) {
        this.subject = subject;
        this.hints = hints;
        this.ground = ground;
        this.complete = complete;
        this.taken = Set.copyOf(taken);
    }

    void provide(List<MountPlace> places) {
        Set<String> mounted = places.stream().map(MountPlace::path).collect(Collectors.toSet());
        mounted.addAll(taken);
        for (MountPlace place : places) {
            Optional<Lifetime> lifetime = place.lifetime(complete);
            if (lifetime.isEmpty()) {
                volume(place, false, List.of());
                notes.add(MountNotes.unclear(place.path()));
            } else if (lifetime.get() == Lifetime.PERSISTENT) {
                volume(place, true, List.of());
            } else {
                fleeting(place, lifetime.get() == Lifetime.LOG, mounted);
            }
        }
    }

    List<Provision> provisions() {
        List<Provision> all = new ArrayList<>(tmpfs.values());
        volumes.stream().sorted(Comparator.comparing(Volume::path)).forEach(all::add);
        return all;
    }

    List<String> notes() {
        return notes;
    }

    /// What need not last is kept in memory, unless that would take too much of it, or hide what
    /// the image has.
    private void fleeting(MountPlace place, boolean log, Set<String> mounted) {
        String path = place.path();
        ImageFilesystem.Content content = ground.content(path);
        boolean everybodys =
                hints.directories().whole(path).isPresent() || hints.directories().shared(path);
        boolean onlyLogs = log && content.examples().stream().allMatch(this::isLog);
        List<String> hidden =
                content.directories().stream()
                        .filter(d ->
                                mounted.stream()
                                        .noneMatch(m ->
                                                MountTable.isAtOrBelow(d, m)
                                                        && !m.equals(path)
                                                        && MountTable.isAtOrBelow(m, path)))
                        .toList();
        if (place.bytes() > MOST_IN_MEMORY) {
            reluctantly(
                    place,
                    ObservationWording.bytes(place.bytes())
                            + " in use there, which is much for memory; so a volume, though it"
                            + " need not last");
        } else if (content.files() > 0 && !everybodys && !onlyLogs) {
            reluctantly(
                    place,
                    "the image has "
                            + ObservationWording.few(content.examples())
                            + (content.files() > content.examples().size() ? " and others" : "")
                            + " there: a tmpfs would hide them, a new volume is filled with them");
        } else if (hidden.size() > FEW_DIRECTORIES && !everybodys) {
            reluctantly(
                    place,
                    "the image has "
                            + hidden.size()
                            + " directories there: a tmpfs would hide them, a new volume is filled"
                            + " with them");
        } else {
            memory(place, log, content, hidden);
        }
    }

    private boolean isLog(String path) {
        return hints.of(path).filter(h -> h.lifetime() == Lifetime.LOG).isPresent();
    }

    private void reluctantly(MountPlace place, String why) {
        volume(place, false, List.of(new ProvisionEvidence(EvidenceSource.IMAGE, why)));
        notes.add(place.path() + ": " + why);
    }

    private void memory(
            MountPlace place, boolean log, ImageFilesystem.Content content, List<String> hidden) {
        String path = place.path();
        boolean whole = hints.directories().whole(path).isPresent();
        List<ProvisionEvidence> evidence = ProvisionReasons.of(place);
        if (log) {
            evidence.add(
                    new ProvisionEvidence(
                            EvidenceSource.KNOWN,
                            "logs were gone with the container before, too; so they need not fill a"
                                    + " volume"));
            notes.add(MountNotes.logs(path));
        }
        if (content.files() > 0) {
            evidence.add(
                    new ProvisionEvidence(
                            EvidenceSource.IMAGE,
                            "it hides what the image has there: "
                                    + ObservationWording.few(content.examples())
                                    + (content.files() > content.examples().size()
                                            ? " and others"
                                            : "")));
        }
        Owner owner = owner(path);
        if (!owner.seen()) {
            evidence.add(
                    new ProvisionEvidence(
                            EvidenceSource.IMAGE,
                            "owner and mode are guessed: the directory was not there to look at"));
        }
        long bytes = TmpfsSize.of(place.bytes(), whole || log);
        evidence.add(
                new ProvisionEvidence(
                        ProvisionReasons.first(place), TmpfsSize.because(place.bytes())));
        put(path, bytes, owner, place.executed(), evidence);
        if (!whole) {
            beside(path, hidden);
        }
    }

    /// Directories of the image that would be missing in an empty tmpfs, and that somebody may
    /// write to without making them first.
    private void beside(String path, List<String> hidden) {
        if (hidden.size() > FEW_DIRECTORIES) {
            notes.add(MountNotes.hides(path, hidden));
            return;
        }
        for (String directory : hidden) {
            put(
                    directory,
                    TmpfsSize.of(0, false),
                    owner(directory),
                    false,
                    List.of(
                            new ProvisionEvidence(
                                    EvidenceSource.IMAGE,
                                    "the image has this directory, which the tmpfs on "
                                            + path
                                            + " would hide")));
        }
    }

    private void put(
            String path,
            long bytes,
            Owner owner,
            boolean execute,
            List<ProvisionEvidence> evidence) {
        tmpfs.putIfAbsent(
                path,
                new Tmpfs(path, bytes, owner.mode(), owner.uid(), owner.gid(), execute, evidence));
    }

    private void volume(MountPlace place, boolean certain, List<ProvisionEvidence> more) {
        String path = place.path();
        Owner owner = owner(path);
        List<ProvisionEvidence> evidence = ProvisionReasons.of(place);
        evidence.addAll(more);
        if (!certain && more.isEmpty()) {
            evidence.add(
                    new ProvisionEvidence(
                            EvidenceSource.KNOWN, "it cannot be told whether it has to last"));
        }
        volumes.add(
                new Volume(
                        path,
                        names.of(path),
                        certain,
                        !ground.isNew(path),
                        owner.mode(),
                        owner.uid(),
                        owner.gid(),
                        evidence));
        if (ground.isNew(path)) {
            if (owner.uid() != 0) {
                notes.add(MountNotes.ofRoot(path, owner.uid(), owner.gid()));
            }
        } else if (!place.anchored() && more.isEmpty() && ground.content(path).files() > 0) {
            notes.add(MountNotes.copies(path, ground.content(path).examples()));
        }
    }

    private Owner owner(String path) {
        return ground.facts(path)
                .map((FileFacts f) -> new Owner(f.mode(), f.uid(), f.gid(), true))
                .orElseGet(() ->
                        hints.directories().whole(path).isPresent()
                                ? new Owner(EVERYBODYS, 0, 0, false)
                                : new Owner(
                                        DEFAULT_MODE,
                                        subject.uid().orElse(0L),
                                        subject.gid().orElse(0L),
                                        false));
    }
}
