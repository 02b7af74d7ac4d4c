package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A report in which every untrusted text is an attack.
public final class HostileReport {
    /// Overwrites a terminal, forges lines, ends every quotation, tag and cell, links, mentions,
    /// reverses text, and is not valid Unicode.
    public static final String ATTACK =
            "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\u0000\u007f\u0085\u2028"
                    + "\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"
                    + "\"' ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt;"
                    + " | `x` ``y`` **b** _i_ ~~s~~ # \\ $m$ {0} {{x}} %2e%2e"
                    + " [l](https://evil.example) ![i](//evil.example) www.evil.example"
                    + " @octocat me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t";

    private HostileReport() {}

    static Report report() {
        WriteResult.Inconclusive trouble =
                new WriteResult.Inconclusive(InconclusiveCause.MALFORMED, ATTACK);
        ContainerReport worst =
                new ContainerReportBuilder(ATTACK + "n".repeat(10_000))
                        .image(ATTACK)
                        .user(ATTACK)
                        .labels(
                                Map.of(
                                        "com.docker.compose.project", ATTACK,
                                        "com.docker.compose.service", "s".repeat(10_000) + ATTACK,
                                        "com.docker.swarm.service.name", ATTACK,
                                        "io.kubernetes.pod.name", ATTACK,
                                        "io.kubernetes.pod.namespace", ATTACK,
                                        "io.kubernetes.container.name", ATTACK))
                        .mounts(
                                new DeclaredMount(
                                        ATTACK, MountKind.BIND, ATTACK, true, ATTACK, ATTACK))
                        .inconclusive(trouble)
                        .paths(
                                path(new WriteResult.Refused(Errno.EACCES, true, ATTACK)),
                                path(trouble))
                        .findings(
                                finding(Severity.CRITICAL, Optional.empty()),
                                finding(Severity.LOW, Optional.empty()),
                                finding(
                                        Severity.HIGH,
                                        Optional.of(
                                                new WaiverNote(ATTACK, ATTACK, Optional.empty()))))
                        .unproved(ATTACK)
                        .leftovers(ATTACK)
                        .violating();
        ContainerReport unverified =
                new ContainerReportBuilder("../..").image("").unproved(ATTACK, ATTACK).unverified();
        return Reports.report(
                List.of(
                        Reports.up(Reports.LOCAL),
                        new EngineReport(
                                "tcp://evil:" + ATTACK,
                                ATTACK,
                                ATTACK,
                                List.of(
                                        new ExcludedContainer(
                                                "e".repeat(64),
                                                ATTACK,
                                                ExcludedContainer.Reason.HELPER)),
                                Optional.of(ATTACK))),
                worst,
                unverified);
    }

    private static PathReport path(WriteResult write) {
        return new PathReport(
                "/" + ATTACK,
                MountKind.UNDECLARED,
                "/" + ATTACK,
                ATTACK,
                Persistence.UNKNOWN,
                Optional.empty(),
                new Expectation(Expectation.Access.READ_ONLY, false, ATTACK),
                Optional.of(
                        new MountEntry(
                                1,
                                0,
                                "0:1",
                                ATTACK,
                                ATTACK,
                                List.of("rw", ATTACK),
                                ATTACK,
                                ATTACK,
                                List.of(ATTACK),
                                ATTACK)),
                List.of(
                        new PathObservation(
                                WitnessName.EXEC,
                                ProbeIdentity.SERVICE,
                                OptionalInt.empty(),
                                "/" + ATTACK,
                                "/" + ATTACK + "/resolved",
                                write,
                                new FileExecutionResult.Untested(ATTACK))));
    }

    private static Finding finding(Severity severity, Optional<WaiverNote> waiver) {
        return new Finding(
                FindingKind.DRIFT,
                severity,
                "/" + ATTACK,
                ATTACK + "m".repeat(10_000),
                ATTACK,
                List.of(ATTACK, ATTACK),
                waiver);
    }
}
