package io.github.writeprobe.recommend;

import io.github.writeprobe.policy.Glob;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileView.Listing;
import io.github.writeprobe.recommend.ImageRecognition.Recognised;
import io.github.writeprobe.recommend.Trace.What;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountableDirectories;
import io.github.writeprobe.recommend.known.MountableDirectories.DataSign;
import io.github.writeprobe.recommend.known.PathHint;
import io.github.writeprobe.recommend.known.PathHints;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells how long what was written has to last. What is known of the image comes first, then what
/// it declares, then what a directory has in it, then what a file is, and its name at last.
final class LifetimeJudge {
    private record KnownPlace(Recognised kind, KnownPath path, String at) {}

    private record Data(String directory, String because) {}

    private final List<Recognised> recognised;
    private final PathHints hints;
    private final Set<String> imageVolumes;
    private final ImageFilesystem ground;
    private final BoundedFileView looks;
    private final Map<String, Optional<Data>> data = new HashMap<>();

    LifetimeJudge(
            List<Recognised> recognised,
            PathHints hints,
            Set<String> imageVolumes,
            ImageFilesystem ground,
            BoundedFileView looks) {
        this.recognised = List.copyOf(recognised);
        this.hints = hints;
        this.imageVolumes = Set.copyOf(imageVolumes);
        this.ground = ground;
        this.looks = looks;
    }

    JudgedTrace of(Trace trace) {
        Optional<PathHint> hint = hints.of(trace.path());
        if (hint.filter(h -> h.lifetime() == Lifetime.INCIDENTAL).isPresent()) {
            return hinted(trace, hint.get());
        }
        return known(trace)
                .or(() -> declared(trace))
                .or(() -> data(trace))
                .or(() -> special(trace))
                .or(() -> hint.map(h -> hinted(trace, h)))
                .orElseGet(() -> JudgedTrace.unclear(trace));
    }

    private Optional<JudgedTrace> known(Trace trace) {
        List<String> upwards = PathNames.upwards(PathNames.shallow(trace.path()));
        return recognised.stream()
                .flatMap(kind ->
                        kind.image().paths().stream()
                                .flatMap(path -> matched(kind, path, upwards).stream()))
                // Of equals, the first counts.
                .reduce((a, b) -> b.at().length() > a.at().length() ? b : a)
                .map(place -> known(trace, place));
    }

    private static Optional<KnownPlace> matched(
            Recognised kind, KnownPath path, List<String> upwards) {
        return upwards.stream()
                .filter(at -> Glob.matches(path.pattern(), at))
                .min(Comparator.comparingInt(String::length))
                .map(at -> new KnownPlace(kind, path, at));
    }

    private JudgedTrace known(Trace trace, KnownPlace place) {
        boolean file = trace.what() == What.FILE && place.at().equals(trace.path());
        String directory = file ? PathNames.parent(place.at()) : place.at();
        return new JudgedTrace(
                trace,
                Optional.of(place.path().lifetime()),
                place.at(),
                because(place.kind(), place.path()),
                EvidenceSource.KNOWN,
                Optional.of(directory).filter(d -> fits(d, place.path().lifetime(), file)),
                place.path().execute());
    }

    static String because(Recognised kind, KnownPath path) {
        return (path.because().isEmpty() ? path.lifetime().label() : path.because())
                + " ("
                + kind.image().name()
                + ", by its "
                + kind.by()
                + "; "
                + kind.image().source()
                + ")";
    }

    /// A tmpfs would hide what the image has there: then only what is really written is of
    /// interest.
    private boolean fits(String directory, Lifetime lifetime, boolean file) {
        MountableDirectories directories = hints.directories();
        if (directories.general(directory)) {
            return false;
        }
        return switch (lifetime) {
            case PERSISTENT -> true;
            case EPHEMERAL, LOG ->
                    !file
                            && (directories.whole(directory).isPresent()
                                    || ground.content(directory).files() == 0);
            case INCIDENTAL -> false;
        };
    }

    private Optional<JudgedTrace> declared(Trace trace) {
        return imageVolumes.stream()
                .filter(v -> MountTable.isAtOrBelow(trace.path(), v))
                .max(Comparator.comparingInt(String::length))
                .map(v ->
                        new JudgedTrace(
                                trace,
                                Optional.of(Lifetime.PERSISTENT),
                                v,
                                "a VOLUME of the image",
                                EvidenceSource.IMAGE,
                                Optional.of(v),
                                false));
    }

    private Optional<JudgedTrace> data(Trace trace) {
        return data(trace.directory())
                .map(d ->
                        new JudgedTrace(
                                trace,
                                Optional.of(Lifetime.PERSISTENT),
                                d.directory(),
                                d.because(),
                                EvidenceSource.KNOWN,
                                Optional.of(d.directory()),
                                false));
    }

    /// The uppermost directory that has the files of a database in it.
    private Optional<Data> data(String directory) {
        MountableDirectories directories = hints.directories();
        if (directories.general(directory)
                || directories.shared(directory)
                || directories.whole(directory).isPresent()) {
            return Optional.empty();
        }
        Optional<Data> known = data.get(directory);
        if (known == null) {
            known = data(PathNames.parent(directory)).or(() -> signed(directory));
            data.put(directory, known);
        }
        return known;
    }

    private Optional<Data> signed(String directory) {
        Set<String> names =
                looks.list(directory).map(Listing::entries).orElse(List.of()).stream()
                        .map(FileFacts::path)
                        .map(PathNames::name)
                        .collect(Collectors.toSet());
        return hints.directories().data().stream()
                .filter(sign -> names.contains(sign.file()))
                .map(DataSign::because)
                .findFirst()
                .map(because -> new Data(directory, because));
    }

    private static Optional<JudgedTrace> special(Trace trace) {
        String what =
                switch (trace.type()) {
                    case SOCKET -> "a socket";
                    case FIFO -> "a named pipe";
                    case REGULAR, DIRECTORY, SYMLINK, DEVICE, UNKNOWN -> "";
                };
        return what.isEmpty()
                ? Optional.empty()
                : Optional.of(JudgedTrace.itself(trace, Lifetime.EPHEMERAL, what));
    }

    private static JudgedTrace hinted(Trace trace, PathHint hint) {
        return JudgedTrace.itself(trace, hint.lifetime(), hint.because());
    }
}
