package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel's own trace of mount calls. Needs root.
class MountCallTraceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir private static Path tracefs;

    private MountCallTrace trace;

    @BeforeAll
    static void mount() throws Exception {
        run("mount", "-t", "tracefs", "tracefs", tracefs.toString());
    }

    @AfterAll
    static void umount() throws Exception {
        run("umount", tracefs.toString());
    }

    @BeforeEach
    void open() {
        trace = listening(MountCallTrace.open(tracefs, InstantSource.system()));
    }

    @AfterEach
    void close() {
        trace.close();
    }

    private static MountCallTrace listening(MountCallTrace.Opened opened) {
        return switch (opened) {
            case MountCallTrace.Opened.Listening(MountCallTrace trace) -> trace;
            case MountCallTrace.Opened.Unavailable(String reason) ->
                    throw new AssertionError(reason);
        };
    }

    /// @return its process id
    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
        return (int) process.pid();
    }

    private static MountChange change(long since) throws IOException {
        return new MountChange(
                Optional.of(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString()),
                since,
                System.nanoTime(),
                OptionalLong.empty(),
                false);
    }

    private static List<String> instances() throws IOException {
        String own = "writeprobe-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> all = Files.list(tracefs.resolve("instances"))) {
            return all.map(p -> p.getFileName().toString())
                    .filter(name -> name.startsWith(own))
                    .toList();
        }
    }

    /// Such a command ends at once, so only its process id is sure to be known.
    @Test
    void whoMountedIsNamed(@TempDir Path directory) throws Exception {
        long since = System.nanoTime();
        int caller = run("mount", "-t", "tmpfs", "t", directory.toString());
        try {
            assertThat(trace.await(PATIENCE)).isTrue();
            assertThat(trace.find(change(since)))
                    .isInstanceOfSatisfying(
                            ChangeMaker.MadeBy.class,
                            by ->
                                    assertThat(by.calls())
                                            .anySatisfy(call -> {
                                                assertThat(call.call())
                                                        .isEqualTo(MountSyscall.MOUNT);
                                                assertThat(call.caller().pid()).isEqualTo(caller);
                                            }));
            assertThat(trace.lost()).isZero();
        } finally {
            run("umount", directory.toString());
        }
    }

    @Test
    void nobodyIsNamedWhileCallsMayBeUnread() throws IOException {
        long future = System.nanoTime() + Duration.ofHours(1).toNanos();
        assertThat(trace.find(change(future)))
                .isInstanceOfSatisfying(
                        ChangeMaker.NotKnown.class,
                        none -> assertThat(none.reason()).contains("more mount calls"));
    }

    @Test
    void twoTracesOfOneProcessDoNotDisturbEachOther() throws Exception {
        MountCallTrace other = listening(MountCallTrace.open(tracefs, InstantSource.system()));
        assertThat(instances()).hasSize(2);
        other.close();
        assertThat(instances()).hasSize(1);
        assertThat(trace.await(PATIENCE)).isTrue();
    }

    @Test
    void itLeavesNothingBehind() throws Exception {
        trace.close();
        trace.close();
        assertThat(instances()).isEmpty();
        assertThat(trace.await(PATIENCE)).isFalse();
    }

    @Test
    void withoutTracefsItSaysWhy(@TempDir Path nothing) {
        assertThat(MountCallTrace.open(nothing, InstantSource.system()))
                .isInstanceOfSatisfying(
                        MountCallTrace.Opened.Unavailable.class,
                        opened -> assertThat(opened.reason()).contains("tracefs is not mounted"));
    }
}
