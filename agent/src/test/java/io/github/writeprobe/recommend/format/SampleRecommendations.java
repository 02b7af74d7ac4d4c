package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.model.TypeSpecificMountOptions.BindRecursion;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.ContainerFixture;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import io.github.writeprobe.recommend.prove.ProofCoverage;
import io.github.writeprobe.recommend.prove.ProofCoverage.Phase;
import io.github.writeprobe.recommend.prove.ProofCoverage.PhaseName;
import io.github.writeprobe.recommend.prove.ProofCoverage.RareEvent;
import io.github.writeprobe.recommend.prove.ProofCoverage.Written;
import io.github.writeprobe.recommend.prove.ProofResult;
import io.github.writeprobe.report.HostileReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Recommendations for the tests of the formats.
final class SampleRecommendations {
    /// Unusual paths, all of which can be created.
    static final List<String> PATHS =
            List.of(
                    "/srv/a b",
                    "/srv/new\nline",
                    "/srv/\"double\" 'single'",
                    "/srv/$HOME ${x} $(id) `id`",
                    "/srv/co:lon",
                    "/srv/com,ma",
                    "/srv/# comment: [x] {y} & *z | > !t %p @q",
                    "/srv/turn\u202ed around",
                    "/srv/\u001b[31mred",
                    "/srv/back\\slash\\n",
                    "/srv/- dash",
                    "/srv/\u00e9\u4e2d\ud83d\ude00",
                    "/srv/not text \ufffd",
                    "/srv/" + "n".repeat(250) + ("/" + "n".repeat(250)).repeat(14));

    private SampleRecommendations() {}

    static List<Recommendation> named(String name) {
        return switch (name) {
            case "none" -> List.of();
            case "uploads" -> List.of(unproved(inShop("api", uploads()).proposal()));
            case "mounts" -> List.of(unproved(mounts().proposal()));
            case "shared" -> List.of(unproved(inShop("api", shared()).proposal()));
            case "nothing" -> List.of(unproved(ContainerFixture.of("memcached:1.6").proposal()));
            case "web" -> List.of(proved(web().proposal()));
            case "shop" ->
                    List.of(
                            unproved(inShop("web", web()).proposal()),
                            unproved(inShop("api", api().named("shop-api-1")).proposal()),
                            unproved(inShop("api", api().named("shop-api-2")).proposal()),
                            unproved(inShop("db", db()).proposal()));
            case "swarm" ->
                    List.of(
                            unproved(
                                    api().label("com.docker.swarm.service.name", "shop_api")
                                            .label("com.docker.stack.namespace", "shop")
                                            .proposal()));
            case "pods" ->
                    List.of(
                            unproved(inPod("web-6d4cf56db6-x8fnk", "nginx", web()).proposal()),
                            unproved(
                                    inPod(
                                                    "web-6d4cf56db6-x8fnk",
                                                    "api",
                                                    api().file("/app/uploads/logo.png", 9000))
                                            .proposal()),
                            unproved(inPod("db-0", "db", db()).proposal()));
            case "hostile" -> hostile(PATHS);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static ContainerFixture inShop(String service, ContainerFixture fixture) {
        return fixture.label("com.docker.compose.project", "shop")
                .label("com.docker.compose.service", service);
    }

    private static ContainerFixture inPod(String pod, String container, ContainerFixture fixture) {
        return fixture.label("io.kubernetes.pod.name", pod)
                .label("io.kubernetes.pod.namespace", "shop")
                .label("io.kubernetes.container.name", container);
    }

    static ContainerFixture web() {
        return ContainerFixture.of("nginx:1.27")
                .command("nginx", "-g", "daemon off;")
                .directory("/var/cache/nginx", 0755, 101, 101)
                .directory("/srv/plugins", 0755, 101, 101)
                .added("/run/nginx.pid")
                .added("/var/cache/nginx/client_temp", FileType.DIRECTORY, 101, 0)
                .readOnlyMount("/etc/shop/site.conf", "/etc/nginx/conf.d/site.conf")
                .wrote("nginx", "/var/cache/nginx/proxy_temp/1", 3 << 20, false)
                .wrote("nginx", "/srv/plugins/x.so", 9000, true);
    }

    static ContainerFixture api() {
        return ContainerFixture.of("registry.example/shop/api:2")
                .named("api")
                .user(1000)
                .env("ASPNETCORE_URLS", "http://+:8080")
                .env("JAVA_TOOL_OPTIONS", "-Dprice=$5")
                .command("java", "-jar", "/app/api.jar")
                .workingDirectory("/app")
                .file("/app/api.jar", 9000)
                .directory("/app/uploads", 0755, 1000, 1000)
                .added("/app/uploads/1.png")
                .added("/tmp/hsperfdata_app/1")
                .added("/tmp/native.so")
                .wrote("java", "/tmp/native.so", 2 << 20, true)
                .mount(MountKind.TMPFS, "tmpfs", "/var/cache/app");
    }

    /// The image does not have the directory that the service writes to.
    static ContainerFixture uploads() {
        return ContainerFixture.of("shop/api:3")
                .named("shop_api_1")
                .user(1000)
                .workingDirectory("/app")
                .file("/app/main.js", 100)
                .added("/app/uploads/1.png", FileType.REGULAR, 1000, 9)
                .directory("/app/uploads", 0755, 1000, 1000);
    }

    /// Two new volumes that need an owner, and one of them a mode too.
    static ContainerFixture shared() {
        return uploads()
                .added("/srv/spool/1.msg", FileType.REGULAR, 1000, 9)
                .directory("/srv/spool", 02775, 1000, 1001);
    }

    /// Mounts with everything that an engine can say of them.
    static ContainerFixture mounts() {
        ContainerFixture fixture =
                ContainerFixture.of("shop/api:3")
                        .named("api")
                        .mount(bind("/srv/a", "/a", false, "rslave", BindRecursion.DEFAULT, ""))
                        .mount(bind("/srv/b", "/b", true, "rprivate", BindRecursion.DEFAULT, "z"))
                        .mount(bind("/srv/c", "/c", false, "rprivate", BindRecursion.WRITABLE, ""))
                        .mount(bind("/srv/d", "/d", true, "shared", BindRecursion.DISABLED, ""))
                        .mount(bind("/srv/e:1", "/e", false, "", BindRecursion.READ_ONLY, "Z"))
                        .mount(bind("/srv/s", "/s", true, "sideways", BindRecursion.DEFAULT, ""))
                        .mount(volume("/f", false, details(false, "shop/2026", false)))
                        .mount(volume("/g", true, details(false, "", true)))
                        .mount(volume("/h:1", true, details(false, "", true)))
                        .mount(volume("/i", false, details(true, "", false)))
                        .mount(volume("/k", true, details(true, "", false)))
                        .mount(
                                new DeclaredMount(
                                        "/l",
                                        MountKind.VOLUME,
                                        "/var/lib/containers/storage/overlay/merge",
                                        true,
                                        "",
                                        ""))
                        .mount(volume("/j", false, details(true, "usr/$share", false)));
        for (String unknown : List.of("type npipe", "VolumeOptions.Snapshot=daily")) {
            fixture.mount(
                    volume(
                            "/u" + unknown.length(),
                            true,
                            new TypeSpecificMountOptions(
                                    false,
                                    "",
                                    false,
                                    BindRecursion.DEFAULT,
                                    "",
                                    List.of(unknown))));
        }
        return fixture.mount(
                new DeclaredMount(
                        "/t", MountKind.TMPFS, "tmpfs", true, "", "size=1m,mode=1770,uid=3"));
    }

    private static DeclaredMount bind(
            String source,
            String destination,
            boolean writable,
            String propagation,
            BindRecursion recursion,
            String relabel) {
        return new DeclaredMount(
                destination,
                MountKind.BIND,
                source,
                writable,
                propagation,
                "",
                new TypeSpecificMountOptions(false, "", false, recursion, relabel, List.of()));
    }

    private static TypeSpecificMountOptions details(boolean image, String subpath, boolean noCopy) {
        return new TypeSpecificMountOptions(
                image, subpath, noCopy, BindRecursion.DEFAULT, "", List.of());
    }

    private static DeclaredMount volume(
            String destination, boolean writable, TypeSpecificMountOptions details) {
        return new DeclaredMount(
                destination,
                MountKind.VOLUME,
                details.image() ? "shop/assets:7" : "shop_data",
                writable,
                "",
                "",
                details);
    }

    static ContainerFixture db() {
        return ContainerFixture.of("postgres:17")
                .named("db")
                .user(999)
                .file("/usr/local/bin/docker-entrypoint.sh", 900)
                .directory("/run/postgresql", 03777, 999, 999)
                .added("/run/postgresql/.s.PGSQL.5432", FileType.SOCKET, 999, 0)
                .volume("/var/lib/postgresql/data")
                .mount(MountKind.VOLUME, "f".repeat(64), "/var/lib/postgresql/data")
                .withoutSource(WriteEvidenceSource.WATCH);
    }

    static Recommendation unproved(Proposal proposal) {
        return new Recommendation(proposal, Optional.empty());
    }

    static Recommendation proved(Proposal proposal) {
        return new Recommendation(
                proposal,
                Optional.of(
                        new ProofResult(
                                ProofResult.Outcome.PROVED,
                                "a read-only clone became healthy",
                                List.of(
                                        new WrittenFile(
                                                "/run/nginx.pid",
                                                FileType.REGULAR,
                                                false,
                                                false,
                                                1,
                                                3,
                                                false,
                                                Set.of("nginx"))),
                                proposal,
                                ProofResult.Exercise.HEALTH_CHECK,
                                Duration.ofSeconds(31),
                                Optional.of(coverage()),
                                List.of(),
                                List.of(
                                        "they have no network, so the service could not reach"
                                                + " other hosts"))));
    }

    private static ProofCoverage coverage() {
        return new ProofCoverage(
                List.of(
                        new Phase(
                                PhaseName.START,
                                Duration.ofSeconds(12),
                                new Written.Paths(
                                        List.of(
                                                "/run/nginx.pid",
                                                "/srv/plugins/x.so",
                                                "/var/cache/nginx/client_temp",
                                                "/var/cache/nginx/proxy_temp"),
                                        4)),
                        new Phase(
                                PhaseName.STOP,
                                Duration.ofSeconds(1),
                                new Written.Unknown("its files could not be read")),
                        new Phase(
                                PhaseName.RESTART,
                                Duration.ofSeconds(11),
                                new Written.Paths(List.of("/run/nginx.pid"), 1)),
                        new Phase(
                                PhaseName.SECOND_EXERCISE,
                                Duration.ofSeconds(7),
                                new Written.Paths(List.of(), 0))),
                Map.of(RareEvent.RELOAD, "it was sent SIGHUP"));
    }

    private static ProofCoverage hostileCoverage() {
        return new ProofCoverage(
                List.of(
                        new Phase(
                                PhaseName.START,
                                Duration.ZERO,
                                new Written.Paths(List.of(HostileReport.ATTACK), 1))),
                Map.of(RareEvent.BACKUP, HostileReport.ATTACK));
    }

    /// Every text is an attack.
    static List<Recommendation> hostile(List<String> paths) {
        List<ProposalItem> provisions = new ArrayList<>();
        List<ProposalItemEvidence> evidence =
                List.of(
                        new ProposalItemEvidence(WriteEvidenceSource.WATCH, HostileReport.ATTACK),
                        new ProposalItemEvidence(WriteEvidenceSource.DIFF, ""));
        for (String path : paths) {
            provisions.add(
                    new Kept(
                            new DeclaredMount(path, MountKind.BIND, path, false, "rprivate", ""),
                            false,
                            evidence));
        }
        provisions.add(new Setting("EVIL", HostileReport.ATTACK, HostileReport.ATTACK, evidence));
        provisions.add(new Setting("JAVA_TOOL_OPTIONS", "-Da='$x' \"$$y\" $(z)", "", evidence));
        for (String path : paths) {
            provisions.add(new Tmpfs(path + "/t", 1000, 07777, 1, 2, false, evidence));
        }
        int i = 0;
        for (String path : paths) {
            provisions.add(
                    new Volume(
                            path + "/v",
                            "v-" + i++,
                            false,
                            Volume.InImage.NOTHING,
                            0700,
                            1,
                            2,
                            evidence));
        }
        Container container =
                Container.builder("a".repeat(64), HostileReport.ATTACK, "unix:///x")
                        .image(HostileReport.ATTACK)
                        .labels(
                                Map.of(
                                        "com.docker.compose.project", HostileReport.ATTACK,
                                        "com.docker.compose.service", HostileReport.ATTACK,
                                        "com.docker.swarm.service.name", HostileReport.ATTACK,
                                        "com.docker.stack.namespace", HostileReport.ATTACK))
                        .pid(1)
                        .build();
        Proposal proposal =
                new Proposal(
                        new ProposalTarget(
                                container,
                                Map.of(),
                                List.of(),
                                Set.of(),
                                "",
                                false,
                                Map.of(),
                                Optional.empty(),
                                Optional.empty(),
                                ProposalTarget.State.UNKNOWN),
                        provisions,
                        List.of(HostileReport.ATTACK, "n".repeat(10_000)),
                        Duration.ofSeconds(1),
                        List.of(
                                new WriteEvidenceGap(
                                        WriteEvidenceSource.WATCH,
                                        HostileReport.ATTACK,
                                        HostileReport.ATTACK)));
        return List.of(
                new Recommendation(
                        proposal,
                        Optional.of(
                                new ProofResult(
                                        ProofResult.Outcome.REFUTED,
                                        HostileReport.ATTACK,
                                        List.of(
                                                new WrittenFile(
                                                        HostileReport.ATTACK,
                                                        FileType.UNKNOWN,
                                                        true,
                                                        false,
                                                        1,
                                                        1,
                                                        false,
                                                        Set.of(HostileReport.ATTACK))),
                                        proposal,
                                        ProofResult.Exercise.COMMAND,
                                        Duration.ZERO,
                                        Optional.of(hostileCoverage()),
                                        List.of(HostileReport.ATTACK),
                                        List.of(HostileReport.ATTACK)))));
    }

    static String text(ProposalFormat format, String name) {
        return text(format, named(name));
    }

    static String text(ProposalFormat format, List<Recommendation> recommendations) {
        StringWriter out = new StringWriter();
        try {
            format.write(recommendations, out);
        } catch (IOException fromMemory) {
            throw new UncheckedIOException(fromMemory);
        }
        return out.toString();
    }
}
