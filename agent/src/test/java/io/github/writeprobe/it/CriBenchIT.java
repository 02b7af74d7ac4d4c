package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.it.Lab.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Measures an audit over the CRI against one of the same number of containers over Docker's API,
/// and how long the agent takes from a start and from a remount to the verdict.
@EnabledIfSystemProperty(
        named = CriBenchIT.CONTAINERS,
        matches = "[0-9]+",
        disabledReason = "bin/bench cri runs it")
class CriBenchIT {
    static final String CONTAINERS = "bench.containers";

    private static final int CONTAINERS_OF_POD = 10;
    private static final int ROUNDS = 7;
    private static final int EVENTS = 60;

    private final int count = Integer.getInteger(CONTAINERS);

    @Test
    void measure() throws Exception {
        ShippedJvm.trainForCri();
        try (PrivateContainerd containerd = PrivateContainerd.start()) {
            try (Lab lab = Lab.open()) {
                startOnDocker(lab);
                LabPod first = startPods(containerd);
                compareAudits(containerd, lab);
                follow(containerd, first);
            }
        }
    }

    private void startOnDocker(Lab lab) {
        // The first one makes the image.
        lab.start(Image.BUSYBOX, "--read-only", "--tmpfs=/tmp");
        try (ExecutorService four = Executors.newFixedThreadPool(4)) {
            for (int i = 1; i < count; i++) {
                four.execute(() -> lab.start(Image.BUSYBOX, "--read-only", "--tmpfs=/tmp"));
            }
        }
    }

    /// @return the first pod
    private LabPod startPods(PrivateContainerd containerd) {
        List<LabPod> pods =
                IntStream.range(0, Math.ceilDiv(count, CONTAINERS_OF_POD))
                        .mapToObj(number -> containerd.pod("bench-" + number, Map.of()))
                        .toList();
        for (int i = 0; i < count; i++) {
            LabPod pod = pods.get(i / CONTAINERS_OF_POD);
            pod.container("c" + i)
                    .readOnly()
                    .kubeletFiles()
                    .mount("/tmp", pod.volume("empty-dir", "tmp-" + i), false)
                    .start();
        }
        return pods.getFirst();
    }

    private void compareAudits(PrivateContainerd containerd, Lab lab) {
        List<Double> cri = new ArrayList<>();
        List<Double> docker = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            cri.add(audit("--host", containerd.host()));
            docker.add(audit("--filter", "label=" + lab.label()));
        }
        System.out.printf(
                "%n%d containers, audit --witness procfs, %d rounds in turn, medians%n%n",
                count, ROUNDS);
        System.out.printf(Locale.ROOT, "%-28s %8.0f ms%n", "containerd by the CRI", p(cri, 50));
        System.out.printf(Locale.ROOT, "%-28s %8.0f ms%n", "Docker by its API", p(docker, 50));
        System.out.printf(
                Locale.ROOT, "%-28s %8.2f  bound 1.2%n", "ratio", p(cri, 50) / p(docker, 50));
    }

    private double audit(String... options) {
        List<String> command =
                Lab.command(
                        Stream.concat(
                                        Stream.of(
                                                "audit", "--witness", "procfs", "--format", "json"),
                                        Stream.of(options))
                                .toArray(String[]::new));
        long from = System.nanoTime();
        Lab.Run run = Lab.run(Map.of(), command);
        double took = (System.nanoTime() - from) / 1e6;
        assertThat(run.out().split("\"verdict\": \"compliant\"", -1))
                .as(run.output())
                .hasSize(count + 1);
        return took;
    }

    /// Of the agent's log, which it writes when the metric has changed.
    private void follow(PrivateContainerd containerd, LabPod pod) {
        List<Double> starts = new ArrayList<>();
        List<Double> remounts = new ArrayList<>();
        try (RunningAgent agent = RunningAgent.start("", "--host", containerd.host())) {
            agent.await(
                    "the verdicts of the others",
                    () -> agent.log().stream().filter(e -> e.has("after")).count() >= count);
            for (int i = 0; i < EVENTS; i++) {
                String name = pod.nameOf("follow-" + i);
                String id = pod.container("follow-" + i).readOnly().start();
                starts.add(until(agent, name, "new compliant"));
                Lab.run(
                        Map.of(),
                        List.of(
                                "nsenter",
                                "-t",
                                Long.toString(pod.pid(id)),
                                "-m",
                                "-p",
                                "--",
                                "mount",
                                "-o",
                                "remount,rw",
                                "/"));
                remounts.add(until(agent, name, "compliant violating"));
                pod.stop(id);
            }
        }
        System.out.printf("%n%d containers, one after the other%n%n", EVENTS);
        System.out.printf("%-28s %8s %8s%n", "", "p50 ms", "p99 ms");
        row("start to verdict", starts);
        row("remount to verdict", remounts);
    }

    private static double until(RunningAgent agent, String container, String change) {
        long from = System.nanoTime();
        while (!agent.verdicts(container).contains(change)) {
            assertThat(System.nanoTime() - from)
                    .as(change)
                    .isLessThan(RunningAgent.TIMEOUT.toNanos());
            RunningAgent.pause(Duration.ofMillis(2));
        }
        return (System.nanoTime() - from) / 1e6;
    }

    private static void row(String name, List<Double> values) {
        System.out.printf(Locale.ROOT, "%-28s %8.0f %8.0f%n", name, p(values, 50), p(values, 99));
    }

    private static double p(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
