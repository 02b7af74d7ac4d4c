package io.github.writeprobe.probes.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.Write;
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

/// What one thread hears of the mounts of others. Takes root.
class MountWatchIT {
    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final ProcfsWitness witness = ProcfsWitness.open();
    private final MountWatch<String> watch = MountWatch.start(witness, changed::add).orElseThrow();

    @AfterEach
    void close() {
        watch.close();
        witness.close();
    }

    private void hears(Cell cell) throws InterruptedException {
        assertThat(changed.poll(5, TimeUnit.SECONDS)).isEqualTo(cell.id());
    }

    private void hearsNothing() throws InterruptedException {
        assertThat(changed.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void mountsAndRemountsAndUnmountsAreHeardOfWhoeverMakesThem() throws Exception {
        try (Cell one = Cell.start("mkdir m");
                Cell other = Cell.start("")) {
            watch.watch(one.pid(), one.id(), one.id());
            hears(one);
            watch.watch(other.pid(), other.id(), other.id());
            hears(other);
            hearsNothing();
            String m = one.root().resolve("m").toString();
            one.mount("-t", "tmpfs", "t", m);
            hears(one);
            one.mount("-o", "remount,bind,ro", m);
            hears(one);
            other.mount("-o", "remount,bind,ro", other.root().toString());
            hears(other);
            watch.forget(one.id());
            hearsNothing();
            one.mount("-o", "remount,bind,rw", m);
            hearsNothing();
        }
    }

    @Test
    void aMountThatCameAndWentWasNoStillness() throws Exception {
        try (Cell cell = Cell.start("mkdir m")) {
            String m = cell.root().resolve("m").toString();
            try (MountStability stillness = witness.stillness(cell.pid(), cell.id())) {
                assertThat(stillness.lasts()).isTrue();
                cell.in("true");
                assertThat(stillness.lasts()).isTrue();
                cell.mount("-t", "tmpfs", "t", m);
                cell.in("umount", m);
                assertThat(stillness.lasts()).isFalse();
            }
            try (MountStability unknown = witness.stillness(cell.pid(), "another")) {
                cell.mount("-t", "tmpfs", "t", m);
                assertThat(unknown.lasts()).isTrue();
            }
            try (MountStability none =
                    ProcfsWitness.without("no").stillness(cell.pid(), cell.id())) {
                cell.in("umount", m);
                assertThat(none.lasts()).isTrue();
            }
        }
    }

    @Test
    void containersThatComeAndGoLeaveNoDescriptors() throws Exception {
        List<Cell> cells = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                cells.add(Cell.start(""));
            }
            long before = descriptors();
            for (int i = 0; i < 500; i++) {
                Cell cell = cells.get(i % cells.size());
                watch.watch(cell.pid(), cell.id(), cell.id());
                if (i % 3 == 0) {
                    watch.forget(cell.id());
                }
            }
            for (Cell cell : cells) {
                // Nobody tells of their end.
                watch.watch(cell.pid(), cell.id(), cell.id());
                cell.end();
            }
            awaitDescriptors(before);
        } finally {
            for (Cell cell : cells) {
                cell.close();
            }
        }
    }

    /// Two thousand of them, each in a mount namespace of its own.
    @Test
    @Timeout(120)
    void oneThreadHearsThousands(@TempDir Path directory) throws Exception {
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
            Set<String> heard = new HashSet<>();
            while (heard.size() < 2000) {
                String id = changed.poll(30, TimeUnit.SECONDS);
                assertThat(id).as("after " + heard.size()).isIn(pids.keySet());
                heard.add(id);
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
            hearsNothing();
            pids.keySet().forEach(watch::forget);
            awaitDescriptors(before);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static ProcfsWitness.Sight sight(Cell cell) {
        return new ProcfsWitness.Sight(cell.pid(), cell.id(), List.of("/", "/m"));
    }

    private List<ProbeResult> glance(Cell cell) throws InterruptedException {
        return witness.glance(List.of(sight(cell)), Duration.ofSeconds(5)).getFirst();
    }

    private static Write at(List<ProbeResult> said, String path) {
        return said.getFirst().observations().stream()
                .filter(o -> o.path().equals(path))
                .map(Observation::write)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGlanceSeesWhatChangedAndReadsNoTableThatDidNot() throws Exception {
        try (Cell cell = Cell.start("mkdir m")) {
            watch.watch(cell.pid(), cell.id(), cell.id());
            hears(cell);
            List<ProbeResult> first = glance(cell);
            assertThat(first.getFirst().mounts().isMountPoint(cell.root() + "/m")).isFalse();
            assertThat(glance(cell).getFirst().mounts()).isSameAs(first.getFirst().mounts());
            for (int i = 0; i < 20; i++) {
                String m = cell.root().resolve("m").toString();
                cell.mount("-t", "tmpfs", "t", m);
                hears(cell);
                List<ProbeResult> mounted = glance(cell);
                assertThat(mounted.getFirst().mounts()).isNotEqualTo(first.getFirst().mounts());
                assertThat(at(mounted, "/m")).isInstanceOf(Write.Writable.class);
                cell.mount("-o", "remount,bind,ro", m);
                hears(cell);
                assertThat(at(glance(cell), "/m")).isInstanceOf(Write.Refused.class);
                cell.in("umount", m);
                hears(cell);
                assertThat(glance(cell).getFirst().mounts()).isEqualTo(first.getFirst().mounts());
            }
        }
    }

    @Test
    void aGlanceAtOneThatEndedSaysSoAndKeepsNothing() throws Exception {
        Cell cell = Cell.start("");
        try {
            long before = descriptors();
            watch.watch(cell.pid(), cell.id(), cell.id());
            hears(cell);
            assertThat(glance(cell).getFirst().trouble()).isEmpty();
            assertThat(witness.tables()).isEqualTo(1);
            cell.end();
            assertThat(glance(cell).getFirst().trouble().orElseThrow().cause())
                    .isEqualTo(Cause.UNREACHABLE);
            awaitDescriptors(before);
            assertThat(witness.tables()).isZero();
        } finally {
            cell.close();
        }
    }

    @Test
    void whoIsNotThereIsNotWatched() throws Exception {
        try (Cell cell = Cell.start("")) {
            watch.watch(cell.pid(), "0".repeat(64), cell.id());
            watch.watch(1 << 22, cell.id(), cell.id());
            hearsNothing();
        }
    }

    private static void awaitDescriptors(long most) throws Exception {
        for (int i = 0; i < 50 && descriptors() > most; i++) {
            Thread.sleep(100);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(most);
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
