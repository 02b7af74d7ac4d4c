package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Reports for the formats to render.
public final class Reports {
    static final String LOCAL = "unix:///var/run/docker.sock";
    static final String REMOTE = "tcp://build-7.example:2376";

    static final String CONTAINERD = "cri:///run/containerd/containerd.sock";
    private static final String UID = "1c2d3e4f-0000-4000-8000-000000000001";

    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Reports() {}

    public static Map<String, Report> all() {
        return Map.of(
                "empty", empty(),
                "compliant", compliant(),
                "mixed", mixed(),
                "many", many(),
                "hostile", HostileReport.report());
    }

    /// An engine without running containers.
    static Report empty() {
        return new Report("0.1.0", List.of(up(LOCAL)), NOON, Duration.ofMillis(12), List.of());
    }

    /// Two compliant containers. One has a finding of low severity, like nearly every read-only
    /// container.
    static Report compliant() {
        ContainerReport web =
                new ContainerReportBuilder("web")
                        .readOnly()
                        .paths(PathReports.rootfsRefused(), PathReports.tmpWritable())
                        .compliant();
        ContainerReport cache =
                new ContainerReportBuilder("cache")
                        .image("redis:7.4")
                        .readOnly()
                        .paths(PathReports.rootfsRefused())
                        .findings(
                                finding(
                                        FindingKind.EXECUTABLE,
                                        Severity.LOW,
                                        "/dev",
                                        "The engine mounts /dev without noexec, and root can write"
                                                + " and run a file there",
                                        "Run the service as a user other than root"))
                        .compliant();
        return report(List.of(up(LOCAL)), web, cache);
    }

    /// Each kind of finding, waived ones, containers that could not be verified, and an engine that
    /// did not answer.
    public static Report mixed() {
        return report(
                List.of(
                        new EngineReport(LOCAL, "20.10.24", "1.41", excluded(), Optional.empty()),
                        down(REMOTE)),
                drifting(),
                exposed(),
                powerful(),
                billing(),
                distroless(),
                paused(),
                new ContainerReportBuilder("web")
                        .readOnly()
                        .paths(PathReports.rootfsRefused(), PathReports.tmpWritable())
                        .compliant());
    }

    /// A node of Kubernetes: the findings of [#mixed()], and containers of pods on two engines.
    public static Report node() {
        return report(
                List.of(
                        up(LOCAL),
                        new EngineReport(
                                CONTAINERD,
                                "containerd v2.1.4",
                                "CRI v1",
                                List.of(),
                                Optional.empty())),
                Stream.concat(
                                mixed().containers().stream(),
                                Stream.of(
                                        inPod("web-7d4-x2x", UID, "1f".repeat(32)),
                                        inPod(
                                                "web-7d4-q9z",
                                                UID.replace('1', '2'),
                                                "2e".repeat(32)),
                                        inPod("db-0", UID.replace('1', '3'), "3d".repeat(32)),
                                        // The pod was deleted and created again.
                                        inPod("db-0", UID.replace('1', '4'), "4c".repeat(32)),
                                        new ContainerReportBuilder(
                                                        "k8s_nginx_old_shop_" + UID + "_1")
                                                .labels(podLabels("old", UID))
                                                .compliant()))
                        .toArray(ContainerReport[]::new));
    }

    /// A container `nginx` of a pod.
    public static ContainerReport inPod(String pod, String uid, String id) {
        return new ContainerReportBuilder("shop/" + pod + "/nginx")
                .id(id)
                .engine(CONTAINERD)
                .labels(podLabels(pod, uid))
                .paths(PathReports.rootfsRefused())
                .readOnly()
                .compliant();
    }

    private static Map<String, String> podLabels(String pod, String uid) {
        return Map.of(
                "io.kubernetes.pod.namespace",
                "shop",
                "io.kubernetes.pod.name",
                pod,
                "io.kubernetes.pod.uid",
                uid,
                "io.kubernetes.container.name",
                "nginx");
    }

    /// A host with 200 containers, most of them with the same finding.
    static Report many() {
        return report(
                List.of(up(LOCAL)),
                IntStream.rangeClosed(1, 200)
                        .mapToObj(Reports::oneOfMany)
                        .toArray(ContainerReport[]::new));
    }

    /// @param containers the number of containers, in ten projects
    /// @param paths the number of mounts of each container
    public static Report large(int containers, int paths) {
        return report(
                List.of(up(LOCAL)),
                IntStream.range(0, containers)
                        .mapToObj(n -> oneOfLarge(n, paths))
                        .toArray(ContainerReport[]::new));
    }

    private static ContainerReport oneOfLarge(int n, int paths) {
        ContainerReportBuilder builder =
                new ContainerReportBuilder(
                                String.format(Locale.ROOT, "p%d-service-%03d", n % 10, n))
                        .compose("project-" + n % 10, "service-" + n)
                        .paths(
                                IntStream.range(0, paths)
                                        .mapToObj(i -> PathReports.tmpfs("/var/lib/path-" + i))
                                        .toArray(PathReport[]::new));
        return n % 7 == 0
                ? builder.findings(
                                finding(
                                        FindingKind.EXECUTABLE,
                                        Severity.MEDIUM,
                                        "/var/lib/path-1",
                                        "A file can be written to /var/lib/path-1 and run",
                                        "Add noexec to the tmpfs"))
                        .violating()
                : builder.readOnly().compliant();
    }

    /// Every untrusted text in it is an attack.
    public static Report hostile() {
        return HostileReport.report();
    }

    private static ContainerReport oneOfMany(int n) {
        String name = String.format(Locale.ROOT, "shop-worker-%03d", n);
        if (n % 40 == 0) {
            return new ContainerReportBuilder(name)
                    .readOnly()
                    .inconclusive(new WriteResult.Inconclusive(InconclusiveCause.NO_SHELL, ""))
                    .unproved("/ is not proved read-only: the image has no shell")
                    .unverified();
        }
        if (n % 4 == 0) {
            return new ContainerReportBuilder(name)
                    .readOnly()
                    .paths(PathReports.rootfsRefused(), PathReports.tmpWritable())
                    .compliant();
        }
        Finding exposed =
                finding(
                        FindingKind.EXPOSED,
                        Severity.HIGH,
                        "/",
                        "The root filesystem is writable: uid "
                                + (n % 50 == 1 ? 101 : 0)
                                + " wrote to /, /tmp, /var/tmp, /run and 4 more",
                        "Set read_only: true (docker run --read-only), and mount a tmpfs or a volume"
                                + " for each path that the service has to write");
        return new ContainerReportBuilder(name)
                .paths(PathReports.rootfsWritable())
                .findings(exposed)
                .violating();
    }

    public static Report report(List<EngineReport> engines, ContainerReport... containers) {
        return new Report("0.1.0", engines, NOON, Duration.ofMillis(412), List.of(containers));
    }

    private static List<ExcludedContainer> excluded() {
        return List.of(
                new ExcludedContainer(
                        "1".repeat(64),
                        "k8s_POD_web_shop_1_0",
                        ExcludedContainer.Reason.POD_SANDBOX),
                new ExcludedContainer(
                        "2".repeat(64),
                        "k8s_POD_db_shop_2_0",
                        ExcludedContainer.Reason.POD_SANDBOX),
                new ExcludedContainer(
                        "3".repeat(64),
                        "writeprobe-0123456789abcdef",
                        ExcludedContainer.Reason.HELPER));
    }

    static EngineReport up(String host) {
        return new EngineReport(host, "20.10.24", "1.41", List.of(), Optional.empty());
    }

    private static EngineReport down(String host) {
        return new EngineReport(
                host,
                "",
                "",
                List.of(),
                Optional.of(
                        "Connection refused; check that the engine runs and listens there, and"
                                + " DOCKER_CERT_PATH."));
    }

    private static ContainerReport drifting() {
        return new ContainerReportBuilder("gateway")
                .image("envoyproxy/envoy:v1.31")
                .readOnly()
                .paths(PathReports.rootfsDrifted())
                .findings(
                        new Finding(
                                FindingKind.DRIFT,
                                Severity.CRITICAL,
                                "/",
                                "Declared read-only, but service (uid 101) wrote to /",
                                "Find out who remounted it, and replace the container",
                                List.of(
                                        "exec as service: writable",
                                        "mount table: " + PathReports.OVERLAY_RW,
                                        "declared: HostConfig.ReadonlyRootfs=true"),
                                Optional.empty()),
                        finding(
                                FindingKind.UNDECLARED,
                                Severity.MEDIUM,
                                "/run/late",
                                "A writable tmpfs is mounted at /run/late, and nothing declares"
                                        + " it",
                                "Find out who mounted it; declare it, or replace the container"))
                .leftovers("/opt")
                .violating();
    }

    private static ContainerReport exposed() {
        return new ContainerReportBuilder("api")
                .compose("shop", "api")
                .image("registry.example:5000/shop/api@sha256:0011")
                .user("1000:1000")
                .paths(PathReports.rootfsWritable(), PathReports.volumeRefused())
                .findings(
                        finding(
                                FindingKind.EXPOSED,
                                Severity.HIGH,
                                "/",
                                "The root filesystem is writable",
                                "Set read_only: true, and give it tmpfs or volumes for what it"
                                        + " writes"),
                        finding(
                                FindingKind.EXECUTABLE,
                                Severity.MEDIUM,
                                "/tmp",
                                "A file can be written to /tmp and run",
                                "Add noexec to the tmpfs: /tmp:noexec"),
                        finding(
                                FindingKind.UNWRITABLE,
                                Severity.LOW,
                                "/data",
                                "The volume at /data is declared writable, but uid 1000 may not"
                                        + " write (EACCES)",
                                "Change the owner of the volume's root to 1000:1000"))
                .violating();
    }

    private static ContainerReport powerful() {
        return new ContainerReportBuilder("node-agent")
                .privileged()
                .readOnly()
                .user("root")
                .paths(PathReports.rootfsRefused())
                .findings(
                        finding(
                                FindingKind.BYPASSABLE,
                                Severity.MEDIUM,
                                "/",
                                "The container is privileged, and can remount its root filesystem"
                                        + " writable",
                                "Drop privileged; grant the capabilities it needs one by one"))
                .violating();
    }

    private static ContainerReport billing() {
        Finding exposed =
                finding(
                        FindingKind.EXPOSED,
                        Severity.HIGH,
                        "/",
                        "The root filesystem is writable",
                        "Set read_only: true, and give it tmpfs or volumes for what it writes");
        Finding waived =
                new Finding(
                        exposed.kind(),
                        exposed.severity(),
                        exposed.path(),
                        exposed.message(),
                        exposed.remedy(),
                        exposed.evidence(),
                        Optional.of(
                                new WaiverNote(
                                        "vendor image, replaced in Q1",
                                        "payments",
                                        Optional.of(LocalDate.of(2027, 3, 31)))));
        Finding expired =
                finding(
                        FindingKind.EXPIRED_WAIVER,
                        Severity.LOW,
                        "/data",
                        "The waiver of unwritable expired on 2026-10-31",
                        "Fix what it waived, or renew it");
        return new ContainerReportBuilder("legacy-billing")
                .image("vendor/billing:4")
                .paths(PathReports.rootfsWritable())
                .findings(waived, expired)
                .compliant();
    }

    private static ContainerReport distroless() {
        return new ContainerReportBuilder("resolver")
                .image("gcr.io/distroless/static")
                .readOnly()
                .inconclusive(new WriteResult.Inconclusive(InconclusiveCause.NO_SHELL, ""))
                .paths(PathReports.rootfsUnknown())
                .unproved("/ is not proved read-only: the image has no shell")
                .unverified();
    }

    private static ContainerReport paused() {
        return new ContainerReportBuilder("batch")
                .swarm("reports_batch")
                .readOnly()
                .paused()
                .inconclusive(
                        new WriteResult.Inconclusive(
                                InconclusiveCause.PAUSED, "cannot exec in a paused container"))
                .unproved("/ is not proved read-only: the container is paused")
                .unverified();
    }

    static Finding finding(
            FindingKind kind, Severity severity, String path, String message, String remedy) {
        return new Finding(
                kind, severity, path, message, remedy, List.of(evidence(kind)), Optional.empty());
    }

    private static String evidence(FindingKind kind) {
        return switch (kind) {
            case DRIFT, EXPOSED, UNDECLARED, EXECUTABLE -> "exec as service: writable";
            case CONTRADICTION -> "observed: exec as service (uid 0) was refused at / with EACCES";
            case BYPASSABLE -> "declared: HostConfig.Privileged=true";
            case UNWRITABLE -> "exec as service: refused (EACCES)";
            case EXPIRED_WAIVER -> "waiver: expires 2026-10-31";
        };
    }
}
