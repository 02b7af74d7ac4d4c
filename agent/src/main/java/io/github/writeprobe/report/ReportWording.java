package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProvedPathCounts;
import io.github.writeprobe.probes.WriteResult;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// Texts that more than one format uses. Untrusted text in them is not yet escaped.
public final class ReportWording {
    private ReportWording() {}

    /// Why a probe is inconclusive.
    public static String of(WriteResult.Inconclusive inconclusive) {
        String meaning = inconclusive.cause().meaning();
        return inconclusive.detail().isEmpty() ? meaning : meaning + ": " + inconclusive.detail();
    }

    /// Why a finding is waived, by whom, and until when.
    public static String of(WaiverNote waiver) {
        String until = waiver.expires().map(day -> ", until " + day).orElse("");
        return waiver.reason() + " (" + waiver.owner() + until + ")";
    }

    /// The number of excluded containers of all engines, by reason.
    public static String excluded(Report report) {
        return excluded(report::excludedCount);
    }

    /// The number of excluded containers of one engine, by reason.
    public static String excluded(EngineReport engine) {
        return excluded(engine::excludedCount);
    }

    private static String excluded(ToLongFunction<ExcludedContainer.Reason> numbers) {
        return Arrays.stream(ExcludedContainer.Reason.values())
                .filter(reason -> numbers.applyAsLong(reason) > 0)
                .map(reason -> excluded(reason, numbers.applyAsLong(reason)))
                .collect(Collectors.joining(" and "));
    }

    private static String excluded(ExcludedContainer.Reason reason, long number) {
        return switch (reason) {
            case POD_SANDBOX -> count(number, "pause container") + " of pods";
            case HELPER -> count(number, "helper") + " of writeprobe";
            case SELF -> count(number, "container") + " of this audit";
        };
    }

    /// A number with its noun, such as "1 container" or "2 containers".
    public static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /// What the engine declares for a container as a whole.
    public static String declared(Container c) {
        return "ReadonlyRootfs=" + c.readonlyRootfs() + ", user " + user(c) + powers(c);
    }

    private static String user(Container c) {
        return c.user().isEmpty() ? "root (none set)" : c.user();
    }

    private static String powers(Container c) {
        if (c.privileged()) {
            return ", privileged";
        }
        return c.capabilities().contains("SYS_ADMIN") ? ", CAP_SYS_ADMIN" : "";
    }

    /// The word for a declared access.
    public static String access(boolean writable) {
        return writable ? "writable" : "read-only";
    }

    /// The mount that a path is on.
    public static String mount(PathReport p) {
        return p.kind().label()
                + (p.mountPoint().equals(p.path()) ? "" : " at " + p.mountPoint())
                + ", source "
                + p.source();
    }

    /// What the policy requires of a path, and which rule requires it.
    public static String of(Expectation e) {
        return e.access().label() + (e.noexec() ? ", noexec" : "") + " (" + e.rule() + ")";
    }

    /// What a probe observed, and as which identity.
    public static String of(PathObservation o) {
        String probe =
                o.witness().label()
                        + " as "
                        + o.identity().label()
                        + (o.uid().isPresent() ? " (uid " + o.uid().getAsInt() + ")" : "");
        String resolved = o.resolved().equals(o.path()) ? "" : " at " + o.resolved();
        return probe
                + resolved
                + ": "
                + switch (o.write()) {
                    case WriteResult.Writable _ -> "wrote" + execution(o.execute());
                    case WriteResult.Refused r ->
                            "refused with "
                                    + r.errno()
                                    + (r.created() ? ", after a file was created" : "");
                    case WriteResult.Absent _ -> "absent";
                    case WriteResult.Inconclusive i -> "inconclusive: " + ReportWording.of(i);
                };
    }

    /// What a witness proved without an attempt as its identity at each path.
    public static String of(ProvedPathCounts proofs) {
        String wrote =
                proofs.writable().isEmpty()
                        ? ""
                        : "; not tried again where root could write before: "
                                + mounts(proofs.writable());
        return "proved read-only for every identity: "
                + mounts(proofs.readOnly())
                + wrote
                + "; every path was last tried as this identity at "
                + proofs.triedAt().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String mounts(Map<String, Integer> pathCounts) {
        return pathCounts.isEmpty()
                ? "nothing"
                : pathCounts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e ->
                                "the mount at "
                                        + e.getKey()
                                        + " ("
                                        + count(e.getValue(), "path")
                                        + ")")
                        .collect(Collectors.joining(", "));
    }

    private static String execution(FileExecutionResult execute) {
        return switch (execute) {
            case FileExecutionResult.Ran _ -> ", and ran what it wrote";
            case FileExecutionResult.Refused r ->
                    ", could not run what it wrote (" + r.errno() + ")";
            case FileExecutionResult.Untested u ->
                    ", running it was not tested (" + u.reason() + ")";
        };
    }
}
