package io.github.writeprobe.judge;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.util.List;
import java.util.stream.Collectors;

/// Phrases that several findings share.
final class PathObservationText {
    private static final int MAX_LISTED = 4;

    private PathObservationText() {}

    /// `uid 1000`, or the identity's name if the number is not known.
    static String identity(PathObservation o) {
        if (o.uid().isPresent()) {
            return "uid " + o.uid().getAsInt();
        }
        return o.identity() == ProbeIdentity.ROOT ? "root" : "the service";
    }

    /// `/, /etc, /tmp and 5 more`
    static String list(List<String> items) {
        String shown = items.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
        return items.size() <= MAX_LISTED
                ? shown
                : shown + " and " + (items.size() - MAX_LISTED) + " more";
    }

    /// `uid 0 wrote to /, /etc`, or that writes failed only for lack of space.
    static String writes(List<PathObservation> observations) {
        List<PathObservation> outOfSpace =
                observations.stream()
                        .filter(o -> !(o.write() instanceof WriteResult.Writable))
                        .toList();
        boolean onlyOutOfSpace = outOfSpace.size() == observations.size();
        List<String> paths =
                observations.stream()
                        .filter(o -> onlyOutOfSpace || o.write() instanceof WriteResult.Writable)
                        .map(PathObservation::path)
                        .distinct()
                        .toList();
        return identity(observations.getFirst())
                + (onlyOutOfSpace ? " was refused only for lack of space at " : " wrote to ")
                + list(paths);
    }

    /// Why an observation proves nothing about its mount.
    static String noProofReason(PathObservation o) {
        return switch (o.write()) {
            case WriteResult.Refused(Errno errno, _, _) ->
                    identity(o)
                            + " may not write to "
                            + o.path()
                            + " ("
                            + errno
                            + "), which proves nothing about the mount"
                            + (o.identity() == ProbeIdentity.SERVICE
                                            && o.witness() == WitnessName.EXEC
                                    ? "; probe.exec-as-root probes as root too"
                                    : "");
            case WriteResult.Absent() ->
                    o.path() + " does not exist, or " + identity(o) + " cannot see it";
            case WriteResult.Inconclusive i -> o.path() + ": " + reason(i);
            case WriteResult.Writable() -> o.path() + " is writable";
        };
    }

    /// `the container is paused`, with the detail if there is one.
    static String reason(WriteResult.Inconclusive i) {
        return i.detail().isEmpty() ? i.cause().meaning() : i.cause().meaning() + ": " + i.detail();
    }

    /// `exec reported a write by uid 0`
    static String claim(PathObservation o) {
        String witness = o.witness().label();
        return switch (o.write()) {
            case WriteResult.Writable() -> witness + " reported a write by " + identity(o);
            case WriteResult.Refused(Errno errno, _, _) ->
                    witness + " reported that " + identity(o) + " was refused with " + errno;
            case WriteResult.Absent() -> witness + " reported that the path does not exist";
            case WriteResult.Inconclusive _ -> witness + " is inconclusive";
        };
    }

    /// `let uid 0 write`
    static String kernelAnswer(PathObservation o) {
        return switch (o.write()) {
            case WriteResult.Writable() -> "let " + identity(o) + " write";
            case WriteResult.Refused(Errno errno, _, _) ->
                    "refused " + identity(o) + " with " + errno;
            case WriteResult.Absent() -> "reports that the path does not exist";
            case WriteResult.Inconclusive _ -> "is inconclusive";
        };
    }

    /// One line of evidence for an observation.
    static String evidence(PathObservation o) {
        String text = "observed: " + o.witness().label() + " as " + o.identity().label();
        if (o.uid().isPresent()) {
            text += " (uid " + o.uid().getAsInt() + ")";
        }
        return text
                + switch (o.write()) {
                    case WriteResult.Writable() -> " wrote to " + o.path();
                    case WriteResult.Refused(Errno errno, _, _) ->
                            " was refused at " + o.path() + " with " + errno;
                    case WriteResult.Absent() -> " found nothing at " + o.path();
                    case WriteResult.Inconclusive i ->
                            " was inconclusive at " + o.path() + ": " + reason(i);
                };
    }
}
