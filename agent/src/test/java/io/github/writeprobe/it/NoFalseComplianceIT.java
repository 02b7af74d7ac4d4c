package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Random containers with random mounts and remounts, and an independent oracle that tries every
/// write itself. No verdict claims more than is true, or less than the kernel shows.
///
/// `-Dproperty.seed=S -Dproperty.count=N` repeat the same containers. To repeat only a container
/// that failed, use the number in the failure as the seed, with a count of 1.
class NoFalseComplianceIT {
    private static final int DOZEN = 12;
    private static final int BATCH = 40;
    private static final int STARTS = 4;
    private static final JsonMapper JSON = new JsonMapper();

    /// Chosen once, so that a second run after a failure gets the same containers.
    private static final long SEED =
            Optional.ofNullable(Long.getLong("property.seed"))
                    .orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000_000));

    @AutoClose private static Lab lab;
    private static CProgram oracle;
    private static CProgram mountProgram;
    private static Map<Integer, String> images = Map.of();
    private static Optional<String> sandbox = Optional.empty();

    @BeforeAll
    static void open() {
        lab = Lab.open();
        Path programs = lab.directory("programs");
        oracle = CProgram.compile("oracle", programs);
        mountProgram = CProgram.compile("behind", programs);
        String namespaces =
                CProgram.compile("namespaces", programs, "-static", "-pthread").binary().toString();
        sandbox =
                Stream.of(
                                lab.docker(
                                                "info",
                                                "-f",
                                                "{{range $k, $v := .Runtimes}}{{$k}} {{end}}")
                                        .split(" ", -1))
                        .filter("runsc"::equals)
                        .findFirst();
        images = new HashMap<>();
        for (int tree = 0; tree < RandomContainer.TREES; tree++) {
            images.put(
                    tree,
                    lab.image(
                            RandomContainer.base(tree),
                            "tree" + tree,
                            RandomContainer.fill(tree) + "cp " + namespaces + " $tree/namespaces"));
        }
    }

    @Test
    void noVerdictClaimsMoreThanIsTrue() throws Exception {
        int count = Integer.getInteger("property.count", DOZEN);
        System.out.printf("-Dproperty.seed=%d -Dproperty.count=%d%n", SEED, count);
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> verdicts = new TreeMap<>();
        for (int from = 0; from < count; from += BATCH) {
            wrong.addAll(batch(SEED + from, Math.min(BATCH, count - from), verdicts));
            lab.removeContainers();
        }
        System.out.println(verdicts);
        assertThat(wrong).isEmpty();
        int judged = verdicts.values().stream().mapToInt(i -> i).sum();
        assertThat(judged).as(verdicts.toString()).isGreaterThanOrEqualTo(count * 3 * 4 / 5);
    }

    private List<String> batch(long seed, int count, Map<String, Integer> verdicts)
            throws IOException {
        Map<String, RandomContainer> running = new ConcurrentHashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(STARTS)) {
            LongStream.range(seed, seed + count)
                    .forEach(number -> pool.execute(() -> start(number, running)));
        }
        Path config = lab.directory("config").resolve("writeprobe.yml");
        StringBuilder rules = new StringBuilder();
        running.forEach((name, c) -> c.policyRule().ifPresent(w -> rules.append(w.yaml(name))));
        Files.writeString(
                config,
                "probe:\n  timeout: 30s\n"
                        + (rules.isEmpty() ? "" : "policy:\n  rules:\n" + rules));
        Map<String, JsonNode> auditReports = new TreeMap<>();
        for (String witness : List.of("procfs", "exec", "auto")) {
            auditReports.put(witness, audit(witness, config, List.copyOf(running.keySet())));
        }
        Map<String, JsonNode> declared = byName(inspect(List.copyOf(running.keySet())), "Name");
        List<String> wrong = new ArrayList<>();
        running.forEach((name, c) -> {
            Map<String, JsonNode> reports = new TreeMap<>();
            auditReports.forEach((witness, r) ->
                    reports.put(witness, byName(r.path("containers"), "name").get(name)));
            if (c.hasOwnRoot() || c.sandboxed()) {
                reports.forEach((witness, report) -> {
                    verdicts.merge(
                            witness + " " + report.path("verdict").asText(), 1, Integer::sum);
                    List<String> mistakes =
                            c.hasOwnRoot()
                                    ? ownRootMistakes(report)
                                    : sandboxMistakes(c, witness, report);
                    if (!mistakes.isEmpty()) {
                        wrong.add(described(c, witness, mistakes, "", report));
                    }
                });
                return;
            }
            OracleFacts facts = facts(name, declared.get("/" + name), reports);
            ReferenceJudge referenceJudge = new ReferenceJudge(declared.get("/" + name), c, facts);
            reports.forEach((witness, report) -> {
                verdicts.merge(witness + " " + report.path("verdict").asText(), 1, Integer::sum);
                List<String> mistakes = new ArrayList<>(referenceJudge.mistakes(report));
                if (!witness.equals("exec")
                        && referenceJudge.isViolated()
                        && !report.path("verdict").asText().equals("violating")) {
                    mistakes.add("missed what is open");
                }
                if (!witness.equals("exec")
                        && c.hasOwnView()
                        && !referenceJudge.reportsOwnView(report)) {
                    mistakes.add("missed that another process has it writable");
                }
                if (!mistakes.isEmpty()) {
                    wrong.add(described(c, witness, mistakes, facts, report));
                }
            });
        });
        return wrong;
    }

    /// Nothing can be proved about a container whose root filesystem is not the engine's.
    private static List<String> ownRootMistakes(JsonNode report) {
        List<String> mistakes = new ArrayList<>();
        if (report.path("verdict").asText().equals("compliant")) {
            mistakes.add("false compliant: its root filesystem is its own");
        }
        if (report.path("findings").findValuesAsText("severity").contains("critical")) {
            mistakes.add("a false critical finding");
        }
        return mistakes;
    }

    /// Only a shell inside a sandbox can see its files. If there is one, the report has the
    /// findings for what is declared writable, and no others.
    private static List<String> sandboxMistakes(
            RandomContainer c, String witness, JsonNode report) {
        List<String> mistakes = new ArrayList<>();
        boolean readOnly = c.options().contains("--read-only");
        boolean compliant = report.path("verdict").asText().equals("compliant");
        boolean tolerated = c.policyRule().filter(w -> !w.readOnly()).isPresent();
        if (compliant && (witness.equals("procfs") || (!readOnly && !tolerated))) {
            mistakes.add("false compliant: nothing tells that it is read-only");
        }
        if (report.path("findings").findValuesAsText("severity").contains("critical")) {
            mistakes.add("a false critical finding");
        }
        return mistakes;
    }

    private static String described(
            RandomContainer c,
            String witness,
            List<String> mistakes,
            Object facts,
            JsonNode report) {
        return "\n-Dproperty.seed=%d -Dproperty.count=1, %s:\n%s\ndocker run %s IMAGE%d (%s) %s\nbehind: %s\nwanted: %s\n%s\n%s\n"
                .formatted(
                        c.seed(),
                        witness,
                        String.join("\n", mistakes),
                        String.join(" ", c.options()),
                        c.tree(),
                        c.base(),
                        c.process(),
                        c.changes(),
                        c.policyRule(),
                        facts,
                        report);
    }

    /// Some random containers cannot be started. They have no verdict.
    private static void start(long seed, Map<String, RandomContainer> running) {
        RandomContainer c = RandomContainer.of(seed, lab, sandbox);
        String sleep = c.base() == Lab.Image.NO_SHELL ? "/sleep" : "/bin/sleep";
        List<String> command = new ArrayList<>(List.of(sleep, "3600"));
        if (!c.process().isEmpty()) {
            command = new ArrayList<>(List.of("/namespaces"));
            command.addAll(c.process());
        }
        String name;
        try {
            name = lab.start(images.get(c.tree()), command, c.options().toArray(String[]::new));
        } catch (AssertionError e) {
            System.out.println(seed + " cannot be run: " + e.getMessage());
            return;
        }
        if (!c.process().isEmpty()) {
            RunningAgent.pause(java.time.Duration.ofMillis(300));
        }
        String pid = Long.toString(lab.pid(name));
        if (pid.equals("0")) {
            System.out.println(seed + " has ended: " + lab.docker("logs", name));
            return;
        }
        for (List<String> change : c.changes()) {
            // Some changes are impossible: nothing is mounted there, or the path does not exist.
            mountProgram.run(Stream.concat(Stream.of(pid), change.stream()).toArray(String[]::new));
        }
        if (c.paused()) {
            lab.docker("pause", name);
        }
        running.put(name, c);
    }

    private static JsonNode audit(String witness, Path config, List<String> names) {
        List<String> args =
                new ArrayList<>(List.of("audit", "--format", "json", "--witness", witness));
        args.addAll(List.of("--config.file", config.toString()));
        args.addAll(names);
        Lab.Run run = lab.writeprobe(args.toArray(String[]::new));
        return read(run.out(), run.output());
    }

    private static JsonNode inspect(List<String> names) {
        String out =
                lab.docker(
                        Stream.concat(Stream.of("inspect"), names.stream()).toArray(String[]::new));
        return read(out, out);
    }

    private static JsonNode read(String json, String all) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(all, e);
        }
    }

    private static Map<String, JsonNode> byName(JsonNode list, String key) {
        Map<String, JsonNode> byName = new HashMap<>();
        list.forEach(c -> byName.put(c.path(key).asText(), c));
        return byName;
    }

    /// Facts about all paths in a report, in addition to those that the oracle finds itself.
    private static OracleFacts facts(
            String name, JsonNode declared, Map<String, JsonNode> reports) {
        List<String> paths =
                Stream.concat(
                                Stream.concat(
                                        declared
                                                .path("Mounts")
                                                .findValuesAsText("Destination")
                                                .stream(),
                                        declared
                                                .path("HostConfig")
                                                .path("Tmpfs")
                                                .properties()
                                                .stream()
                                                .map(Map.Entry::getKey)),
                                reports.values().stream()
                                        .flatMap(r ->
                                                r.path("paths").findValuesAsText("path").stream()))
                        .distinct()
                        .toList();
        return OracleFacts.read(oracle.runWithInput(paths, Long.toString(lab.pid(name))));
    }
}
