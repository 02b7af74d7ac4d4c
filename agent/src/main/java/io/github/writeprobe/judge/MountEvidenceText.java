package io.github.writeprobe.judge;

import io.github.writeprobe.model.EngineScheme;
import io.github.writeprobe.model.MountKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The evidence for a finding about a mount, as lines of text.
final class MountEvidenceText {
    private static final int MAX_OBSERVATIONS = 6;

    private MountEvidenceText() {}

    static List<String> of(JudgingInput judged, JudgedMount m) {
        List<String> lines = new ArrayList<>();
        lines.add(declared(judged, m));
        Stream<String> observed =
                switch (m.proof()) {
                    case ProbedMountWritability.NotReadOnly(var by) ->
                            by.stream().map(PathObservationText::evidence);
                    case ProbedMountWritability.ReadOnly(var by) ->
                            by.stream().map(PathObservationText::evidence);
                    case ProbedMountWritability.Nothing(String why) ->
                            Stream.of("observed: nothing; " + why);
                };
        observed.limit(MAX_OBSERVATIONS).forEach(lines::add);
        m.entry().ifPresent(e -> lines.add("mount table: " + e.line()));
        m.shown()
                .socket()
                .filter(socket -> !socket.equals(m.source()))
                .ifPresent(socket -> lines.add("engine's socket: " + socket));
        m.shown()
                .sensitive()
                .filter(path -> !path.equals(m.source()))
                .ifPresent(path -> lines.add("on the host: " + path));
        lines.add(
                "policy: "
                        + m.expectation().access().label()
                        + " ("
                        + m.expectation().rule()
                        + ")");
        return lines;
    }

    private static String declared(JudgingInput judged, JudgedMount m) {
        if (m.kind() == MountKind.ROOTFS) {
            return "declared: "
                    + switch (EngineScheme.of(judged.container().engine())) {
                        case UNIX, TCP -> "HostConfig.ReadonlyRootfs=";
                        case CRI -> "runtimeSpec.root.readonly=";
                    }
                    + judged.container().readonlyRootfs();
        }
        return m.declaredWritable()
                .map(rw ->
                        "declared: "
                                + (m.source().equals(m.kind().label())
                                        ? ""
                                        : m.kind().label() + " ")
                                + m.source()
                                + " at "
                                + m.mountPoint()
                                + ", RW="
                                + rw)
                .orElse("declared: nothing at " + m.mountPoint());
    }
}
