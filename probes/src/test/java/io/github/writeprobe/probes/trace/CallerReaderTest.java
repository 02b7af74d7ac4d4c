package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Who called, from the procfs of this machine.
class CallerReaderTest {
    private final CallerReader reader =
            new CallerReader(new LinuxSyscalls(Abi.detect().orElseThrow()), "/proc");

    @Test
    void aProcessIsReadWithWhoStartedIt() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            Caller.Seen seen = (Caller.Seen) reader.read((int) child.pid(), System.nanoTime());
            assertThat(seen.process().pid()).isEqualTo((int) child.pid());
            assertThat(seen.process().uid()).isPresent();
            assertThat(seen.mountNamespace())
                    .contains(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString());
            assertThat(seen.ancestors().getFirst().pid())
                    .isEqualTo((int) ProcessHandle.current().pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /// The id of the caller belongs to another process by now.
    @Test
    void aProcessThatStartedAfterTheCallIsNotTheCaller() throws IOException, InterruptedException {
        long before = System.nanoTime() - Duration.ofSeconds(1).toNanos();
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(reader.read((int) child.pid(), before))
                    .isEqualTo(new Caller.Gone((int) child.pid()));
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(reader.read((int) child.pid(), System.nanoTime()))
                .isEqualTo(new Caller.Gone((int) child.pid()));
    }
}
