package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// From writable to read-only: the proposals for real services, applied as printed, and the result.
class RecommendRunnerIT {
    private static final JsonMapper JSON = new JsonMapper();

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    /// Continuous use of a service, until it is closed.
    private static final class Traffic implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<Throwable> failures = new ArrayList<>();
        private final Thread thread;

        Traffic(Map<RealService, String> containers) {
            thread =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int n = 100; !stopped.get(); n++) {
                                        int now = n;
                                        containers.forEach((s, c) -> s.use(lab, c, now));
                                        RunningAgent.pause(Duration.ofMillis(200));
                                    }
                                } catch (Throwable e) {
                                    failures.add(e);
                                }
                            });
        }

        @Override
        public void close() {
            stopped.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(failures).isEmpty();
        }
    }

    private static Map<RealService, String> containers(ComposeProject project) {
        Map<RealService, String> containers = new HashMap<>();
        for (RealService service : RealService.values()) {
            containers.put(service, project.container(service.label()));
        }
        return containers;
    }

    private static String compose() {
        StringBuilder yaml = new StringBuilder("services:\n");
        for (RealService service : RealService.values()) {
            yaml.append(
                    "  %s: {image: \"%s\", network_mode: none, labels: [\"%s\"]}\n"
                            .formatted(
                                    service.label(),
                                    lab.serviceImage(service.label()),
                                    lab.label()));
        }
        return yaml.toString();
    }

    private static void assertCompliant(Map<RealService, String> containers) {
        List<String> audit = new ArrayList<>(List.of("audit"));
        audit.addAll(containers.values());
        Lab.Run run = lab.writeprobe(audit.toArray(String[]::new));
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.out()).contains(containers.size() + " compliant");
    }

    @Tag("long")
    @ConcurrentTest
    void aProjectOfNginxRedisAndPostgresIsCompliantWithWhatIsPrinted() throws Exception {
        try (ComposeProject project = new ComposeProject(lab, lab.tag() + "shop", compose())) {
            project.compose("up", "-d");
            Map<RealService, String> writable = containers(project);
            writable.forEach((service, container) -> service.await(lab, container));
            writable.forEach((service, container) -> service.use(lab, container, 1));

            Path file = lab.directory("shop").resolve("read-only.yml");
            try (Traffic _ = new Traffic(writable)) {
                Lab.Run run =
                        lab.writeprobe(
                                "recommend",
                                "--compose-project",
                                project.name(),
                                "--observe",
                                "8s",
                                "--output",
                                file.toString());
                assertThat(run.output()).isEmpty();
                assertThat(run.code()).isZero();
            }
            assertThat(proposed(file))
                    .isEqualTo(
                            Map.of(
                                    "nginx",
                                    Set.of(
                                            "tmpfs /run",
                                            "tmpfs /var/lib/nginx",
                                            "tmpfs /var/log/nginx"),
                                    "redis",
                                    Set.of("tmpfs /run/redis", "volume /var/lib/redis"),
                                    "postgres",
                                    Set.of("tmpfs /run/postgresql")));

            project.override(file);
            project.compose("up", "-d");
            Map<RealService, String> readOnly = containers(project);
            readOnly.forEach((service, container) -> service.await(lab, container));
            readOnly.forEach((service, container) -> service.use(lab, container, 2));
            project.compose("restart", "--timeout", "5");
            readOnly.forEach((service, container) -> {
                service.await(lab, container);
                service.use(lab, container, 3);
                assertThat(service.hasData(lab, container, 2)).as(service.label()).isTrue();
            });
            assertCompliant(readOnly);

            project.compose("up", "-d", "--force-recreate", "--timeout", "5");
            Map<RealService, String> recreated = containers(project);
            assertThat(recreated).doesNotContainValue(readOnly.get(RealService.REDIS));
            recreated.forEach((service, container) -> {
                service.await(lab, container);
                assertThat(service.hasData(lab, container, 3)).as(service.label()).isTrue();
            });

            Lab.Run secondRun =
                    lab.writeprobe(
                            "recommend",
                            "--compose-project",
                            project.name(),
                            "--observe",
                            "1s",
                            "--format",
                            "json");
            assertThat(secondRun.code()).as(secondRun.output()).isZero();
            for (JsonNode one : JSON.readTree(secondRun.out()).path("proposals")) {
                assertThat(one.path("provisions"))
                        .as("what is proposed to a container that has all it needs")
                        .allMatch(p -> p.path("kind").asText().equals("kept"));
            }
        }
    }

    /// The settings of each service in an override file: `tmpfs PATH`, `volume PATH`, `set
    /// VARIABLE`.
    @SuppressWarnings("unchecked")
    private static Map<String, Set<String>> proposed(Path file) throws Exception {
        Map<String, Object> root =
                (Map<String, Object>)
                        new Load(LoadSettings.builder().build())
                                .loadFromString(Files.readString(file));
        Map<String, Set<String>> proposed = new HashMap<>();
        ((Map<String, Map<String, Object>>) root.get("services"))
                .forEach((name, service) -> {
                    Set<String> all = new TreeSet<>();
                    list(service, "tmpfs").forEach(t -> all.add("tmpfs " + t.split(":", -1)[0]));
                    list(service, "volumes").forEach(v -> all.add("volume " + v.split(":", -1)[1]));
                    ((Map<String, Object>) service.getOrDefault("environment", Map.of()))
                            .keySet()
                            .forEach(e -> all.add("set " + e));
                    assertThat(service).containsEntry("read_only", true);
                    proposed.put(name, all);
                });
        return proposed;
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(Map<String, Object> service, String key) {
        return (List<String>) service.getOrDefault(key, List.of());
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @EnumSource(names = "NGINX")
    void aServiceIsCompliantWithTheCommandThatIsPrinted(RealService service) throws Exception {
        assertCompliantWithWhatIsPrinted(service);
    }

    @Tag("long")
    @ParameterizedTest
    @Execution(CONCURRENT)
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NGINX")
    void otherServicesAreCompliantWithTheCommandThatIsPrinted(RealService service)
            throws Exception {
        assertCompliantWithWhatIsPrinted(service);
    }

    private void assertCompliantWithWhatIsPrinted(RealService service) throws Exception {
        String image = lab.serviceImage(service.label());
        String writable = lab.start(image, List.of());
        service.await(lab, writable);
        Path script = lab.directory("run-" + service.label()).resolve("run.sh");
        try (Traffic _ = new Traffic(Map.of(service, writable))) {
            Lab.Run run =
                    lab.writeprobe(
                            "recommend",
                            writable,
                            "--observe",
                            "5s",
                            "--format",
                            "run",
                            "--output",
                            script.toString());
            assertThat(run.code()).as(run.output()).isZero();
        }
        lab.docker("stop", "--time", "5", writable);
        String readOnly = lab.startWithScript(script, image);
        service.await(lab, readOnly);
        service.use(lab, readOnly, 2);
        lab.docker("restart", "--time", "5", readOnly);
        service.await(lab, readOnly);
        assertThat(service.hasData(lab, readOnly, 2)).isTrue();
        assertCompliant(Map.of(service, readOnly));
    }

    /// A shell that behaves like .NET: opens a diagnostics socket unless that is disabled, and
    /// buffers uploads in files.
    private static final String DOTNET =
            """
            #!/bin/sh
            [ "$DOTNET_EnableDiagnostics" = 0 ] || mkfifo /tmp/clr-debug-pipe-$$-1-in /tmp/dotnet-diagnostic-$$-1-socket
            while :; do
                echo upload >/tmp/ASPNETCORE_1.tmp || exit 1
                rm /tmp/ASPNETCORE_1.tmp
                sleep 0.2
            done
            """;

    @Tag("long")
    @ConcurrentTest
    void aKestrelRunsWithoutDiagnosticsAndGetsItsTmp() throws Exception {
        String image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "kestrel",
                        "mkdir $tree/app; echo '{}' >$tree/app/shop.runtimeconfig.json; cat >$tree/bin/dotnet <<'END'\n"
                                + DOTNET
                                + "END\nchmod 755 $tree/bin/dotnet");
        List<String> command = List.of("dotnet", "shop.dll");
        String writable = lab.start(image, command, "-w", "/app", "-u", "1000");
        Path script = lab.directory("kestrel").resolve("run.sh");
        Lab.Run run =
                lab.writeprobe(
                        "recommend",
                        writable,
                        "--observe",
                        "2s",
                        "--format",
                        "run",
                        "--output",
                        script.toString());
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(Files.readString(script).lines().map(String::strip))
                .filteredOn(line -> line.startsWith("--"))
                .satisfiesExactlyInAnyOrder(
                        l -> assertThat(l).isEqualTo("--read-only \\"),
                        l -> assertThat(l).startsWith("--tmpfs /tmp:mode=1777,"),
                        l -> assertThat(l).startsWith("--env DOTNET_EnableDiagnostics=0"),
                        l -> assertThat(l).startsWith("--env COMPlus_EnableDiagnostics=0"),
                        l -> assertThat(l).startsWith("--env DOTNET_CLI_TELEMETRY_OPTOUT=1"));

        String readOnly =
                lab.startWithScript(
                        script, "-w", "/app", "-u", "1000", image, "dotnet", "shop.dll");
        RunningAgent.pause(Duration.ofSeconds(1));
        assertThat(lab.docker("inspect", "-f", "{{.State.Running}}", readOnly)).contains("true");
        assertThat(lab.exec(readOnly, "ls /tmp")).doesNotContain("dotnet", "clr");
        Lab.Run audit = lab.writeprobe("audit", readOnly);
        assertThat(audit.code()).as(audit.output()).isZero();
    }
}
