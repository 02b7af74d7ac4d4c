package io.github.writeprobe.judge;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.util.List;
import java.util.stream.Collectors;

/// Phrases that several findings share.
final class FindingText {
    private static final int MAX_LISTED = 4;

    private FindingText() {}

    /// `uid 1000`, or the identity's name if the number is not known.
    static String identity(Observation o) {
        if (o.uid().isPresent()) {
            return "uid " + o.uid().getAsInt();
        }
        return o.identity() == Identity.ROOT ? "root" : "the service";
    }

    /// `/, /etc, /tmp and 5 more`
    static String list(List<String> items) {
        String shown = items.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
        return items.size() <= MAX_LISTED
                ? shown
                : shown + " and " + (items.size() - MAX_LISTED) + " more";
    }

    /// `uid 0 wrote to /, /etc`, or that writes failed only for lack of space.
    static String writes(List<Observation> observations) {
        List<Observation> outOfSpace =
                observations.stream().filter(o -> !(o.write() instanceof Write.Writable)).toList();
        boolean onlyOutOfSpace = outOfSpace.size() == observations.size();
        List<String> paths =
                observations.stream()
                        .filter(o -> onlyOutOfSpace || o.write() instanceof Write.Writable)
                        .map(Observation::path)
                        .distinct()
                        .toList();
        return identity(observations.getFirst())
                + (onlyOutOfSpace ? " was refused only for lack of space at " : " wrote to ")
                + list(paths);
    }

    /// Why an observation proves nothing about its mount.
    static String noProofReason(Observation o) {
        return switch (o.write()) {
            case Write.Refused(Errno errno, _, _) ->
                    identity(o)
                            + " may not write to "
                            + o.path()
                            + " ("
                            + errno
                            + "), which proves nothing about the mount"
                            + (o.identity() == Identity.SERVICE && o.witness() == WitnessName.EXEC
                                    ? "; probe.exec-as-root probes as root too"
                                    : "");
            case Write.Absent() ->
                    o.path() + " does not exist, or " + identity(o) + " cannot see it";
            case Write.Inconclusive i -> o.path() + ": " + reason(i);
            case Write.Writable() -> o.path() + " is writable";
        };
    }

    /// `the container is paused`, with the detail if there is one.
    static String reason(Write.Inconclusive i) {
        return i.detail().isEmpty() ? i.cause().meaning() : i.cause().meaning() + ": " + i.detail();
    }

    /// `exec reported a write by uid 0`
    static String claim(Observation o) {
        String witness = o.witness().label();
        return switch (o.write()) {
            case Write.Writable() -> witness + " reported a write by " + identity(o);
            case Write.Refused(Errno errno, _, _) ->
                    witness + " reported that " + identity(o) + " was refused with " + errno;
            case Write.Absent() -> witness + " reported that the path does not exist";
            case Write.Inconclusive _ -> witness + " is inconclusive";
        };
    }

    /// `let uid 0 write`
    static String kernelAnswer(Observation o) {
        return switch (o.write()) {
            case Write.Writable() -> "let " + identity(o) + " write";
            case Write.Refused(Errno errno, _, _) -> "refused " + identity(o) + " with " + errno;
            case Write.Absent() -> "reports that the path does not exist";
            case Write.Inconclusive _ -> "is inconclusive";
        };
    }

    /// One line of evidence for an observation.
    static String evidence(Observation o) {
        String text = "observed: " + o.witness().label() + " as " + o.identity().label();
        if (o.uid().isPresent()) {
            text += " (uid " + o.uid().getAsInt() + ")";
        }
        return text
                + switch (o.write()) {
                    case Write.Writable() -> " wrote to " + o.path();
                    case Write.Refused(Errno errno, _, _) ->
                            " was refused at " + o.path() + " with " + errno;
                    case Write.Absent() -> " found nothing at " + o.path();
                    case Write.Inconclusive i ->
                            " was inconclusive at " + o.path() + ": " + reason(i);
                };
    }
}
