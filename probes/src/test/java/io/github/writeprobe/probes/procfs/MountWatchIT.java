package io.github.writeprobe.probes.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One thread that watches the mounts of other processes. Needs root.
class MountWatchIT {
    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final ProcfsWitness witness = ProcfsWitness.open();
    private final MountWatch<String> watch = MountWatch.start(witness, changed::add).orElseThrow();

    @AfterEach
    void close() {
        watch.close();
        witness.close();
    }

    private void assertChanged(TestContainer container) throws InterruptedException {
        assertThat(changed.poll(5, TimeUnit.SECONDS)).isEqualTo(container.id());
    }

    private void assertNothingChanged() throws InterruptedException {
        assertThat(changed.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void mountChangesAreReportedUntilUnwatched() throws Exception {
        try (TestContainer one = TestContainer.start("mkdir m");
                TestContainer other = TestContainer.start("")) {
            watch.watch(one.pid(), one.id(), one.id());
            assertChanged(one);
            watch.watch(other.pid(), other.id(), other.id());
            assertChanged(other);
            assertNothingChanged();
            String m = one.root().resolve("m").toString();
            one.mount("-t", "tmpfs", "t", m);
            assertChanged(one);
            one.mount("-o", "remount,bind,ro", m);
            assertChanged(one);
            other.mount("-o", "remount,bind,ro", other.root().toString());
            assertChanged(other);
            watch.unwatch(one.id());
            assertNothingChanged();
            one.mount("-o", "remount,bind,rw", m);
            assertNothingChanged();
        }
    }

    @Test
    void aMountThatCameAndWentIsAChange() throws Exception {
        try (TestContainer container = TestContainer.start("mkdir m")) {
            String m = container.root().resolve("m").toString();
            try (MountChangeDetector stability =
                    witness.mountStability(container.pid(), container.id())) {
                assertThat(stability.isUnchanged()).isTrue();
                container.runBusybox("true");
                assertThat(stability.isUnchanged()).isTrue();
                container.mount("-t", "tmpfs", "t", m);
                container.runBusybox("umount", m);
                assertThat(stability.isUnchanged()).isFalse();
            }
            try (MountChangeDetector unknown = witness.mountStability(container.pid(), "another")) {
                container.mount("-t", "tmpfs", "t", m);
                assertThat(unknown.isUnchanged()).isTrue();
            }
            try (MountChangeDetector none =
                    ProcfsWitness.unavailable("no")
                            .mountStability(container.pid(), container.id())) {
                container.runBusybox("umount", m);
                assertThat(none.isUnchanged()).isTrue();
            }
        }
    }

    @Test
    void containersThatComeAndGoLeaveNoDescriptors() throws Exception {
        List<TestContainer> containers = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                containers.add(TestContainer.start(""));
            }
            long before = descriptors();
            for (int i = 0; i < 500; i++) {
                TestContainer container = containers.get(i % containers.size());
                watch.watch(container.pid(), container.id(), container.id());
                if (i % 3 == 0) {
                    watch.unwatch(container.id());
                }
            }
            for (TestContainer container : containers) {
                // No call reports the end of these containers.
                watch.watch(container.pid(), container.id(), container.id());
                container.kill();
            }
            awaitDescriptors(before);
        } finally {
            for (TestContainer container : containers) {
                container.close();
            }
        }
    }

    /// Two thousand processes, each in its own mount namespace.
    @Test
    @Timeout(120)
    void oneThreadWatchesThousands(@TempDir Path directory) throws Exception {
        Path crowd = directory.resolve("crowd");
        run(
                "cc",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                crowd.toString(),
                "src/test/c/crowd.c");
        Process process =
                new ProcessBuilder(crowd.toString(), directory.toString(), "2000")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long before = descriptors();
        try {
            Map<String, Long> pids = new TreeMap<>();
            Scanner members = new Scanner(process.getInputStream(), UTF_8);
            for (int i = 0; i < 2000; i++) {
                long pid = members.nextLong();
                pids.put(members.next(), pid);
            }
            pids.forEach((id, pid) -> watch.watch(pid, id, id));
            Set<String> notified = new HashSet<>();
            while (notified.size() < 2000) {
                String id = changed.poll(30, TimeUnit.SECONDS);
                assertThat(id).as("after " + notified.size()).isIn(pids.keySet());
                notified.add(id);
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .containsOnlyOnce("mount-watch");
            assertThat(descriptors()).isGreaterThanOrEqualTo(before + 4000);
            int i = 0;
            for (Map.Entry<String, Long> one : pids.entrySet()) {
                if (i++ % 97 == 0) {
                    run(
                            "nsenter",
                            "-m",
                            "-t",
                            one.getValue().toString(),
                            "mount",
                            "-t",
                            "tmpfs",
                            "t",
                            "/mnt");
                    assertThat(changed.poll(5, TimeUnit.SECONDS)).isEqualTo(one.getKey());
                }
            }
            assertNothingChanged();
            pids.keySet().forEach(watch::unwatch);
            awaitDescriptors(before);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static ProcfsWitness.ProcfsRequest request(TestContainer container) {
        return new ProcfsWitness.ProcfsRequest(container.pid(), container.id(), List.of("/", "/m"));
    }

    private List<ProbeResult> recheck(TestContainer container) throws InterruptedException {
        return witness.recheck(List.of(request(container)), Duration.ofSeconds(5)).getFirst();
    }

    private static WriteResult at(List<ProbeResult> results, String path) {
        return results.getFirst().observations().stream()
                .filter(o -> o.path().equals(path))
                .map(PathObservation::write)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRecheckSeesWhatChangedAndReadsNoTableThatDidNot() throws Exception {
        try (TestContainer container = TestContainer.start("mkdir m")) {
            watch.watch(container.pid(), container.id(), container.id());
            assertChanged(container);
            List<ProbeResult> first = recheck(container);
            assertThat(first.getFirst().mounts().isMountPoint(container.root() + "/m")).isFalse();
            assertThat(recheck(container).getFirst().mounts()).isSameAs(first.getFirst().mounts());
            for (int i = 0; i < 20; i++) {
                String m = container.root().resolve("m").toString();
                container.mount("-t", "tmpfs", "t", m);
                assertChanged(container);
                List<ProbeResult> mounted = recheck(container);
                assertThat(mounted.getFirst().mounts()).isNotEqualTo(first.getFirst().mounts());
                assertThat(at(mounted, "/m")).isInstanceOf(WriteResult.Writable.class);
                container.mount("-o", "remount,bind,ro", m);
                assertChanged(container);
                assertThat(at(recheck(container), "/m")).isInstanceOf(WriteResult.Refused.class);
                container.runBusybox("umount", m);
                assertChanged(container);
                assertThat(recheck(container).getFirst().mounts())
                        .isEqualTo(first.getFirst().mounts());
            }
        }
    }

    @Test
    void aRecheckOfAnEndedContainerReportsThatAndKeepsNothing() throws Exception {
        TestContainer container = TestContainer.start("");
        try {
            long before = descriptors();
            watch.watch(container.pid(), container.id(), container.id());
            assertChanged(container);
            assertThat(recheck(container).getFirst().trouble()).isEmpty();
            assertThat(witness.cachedTableCount()).isEqualTo(1);
            container.kill();
            assertThat(recheck(container).getFirst().trouble().orElseThrow().cause())
                    .isEqualTo(InconclusiveCause.UNREACHABLE);
            awaitDescriptors(before);
            assertThat(witness.cachedTableCount()).isZero();
        } finally {
            container.close();
        }
    }

    @Test
    void missingProcessIsNotWatched() throws Exception {
        try (TestContainer container = TestContainer.start("")) {
            watch.watch(container.pid(), "0".repeat(64), container.id());
            watch.watch(1 << 22, container.id(), container.id());
            assertNothingChanged();
        }
    }

    private static void awaitDescriptors(long max) throws Exception {
        for (int i = 0; i < 50 && descriptors() > max; i++) {
            Thread.sleep(100);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(max);
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
