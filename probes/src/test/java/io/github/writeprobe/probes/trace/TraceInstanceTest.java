package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instances of tracefs. In these directories, which are none, an instance has no files to switch
/// it on with.
class TraceInstanceTest {
    @TempDir Path root;

    private Path tracefs;
    private Path proc;

    @BeforeEach
    void aKernelThatTracesMounts() throws IOException {
        tracefs = root.resolve("tracing");
        proc = root.resolve("proc");
        Files.createDirectories(tracefs.resolve("instances"));
        Files.createDirectories(tracefs.resolve("events/syscalls/sys_enter_mount"));
        process("self", 7);
        process("7", 7);
    }

    private void process(String name, int pid) throws IOException {
        Files.createDirectories(proc.resolve(name));
        Files.writeString(
                proc.resolve(name).resolve("stat"),
                pid + " (java) S 1 2 2 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 700 9");
    }

    private void create() throws TraceInstance.Unavailable {
        TraceInstance.create(tracefs, proc, 1);
    }

    @Test
    void withoutTracefsItSaysSo() throws IOException {
        Files.delete(tracefs.resolve("instances"));
        assertThatThrownBy(this::create).hasMessageContaining("tracefs is not mounted");
    }

    @Test
    void withoutEventsOfSystemCallsItSaysSo() throws IOException {
        Files.delete(tracefs.resolve("events/syscalls/sys_enter_mount"));
        assertThatThrownBy(this::create).hasMessageContaining("CONFIG_FTRACE_SYSCALLS");
        assertThat(tracefs.resolve("instances")).isEmptyDirectory();
    }

    @Test
    void whatCannotBeSwitchedOnIsRemoved() {
        assertThatThrownBy(this::create).hasMessageContaining("cannot be switched on");
        assertThat(tracefs.resolve("instances")).isEmptyDirectory();
    }

    @Test
    void onlyTheInstancesOfAgentsThatHaveEndedAreRemoved() throws IOException {
        process("8", 8);
        for (String name :
                new String[] {
                    "writeprobe-8-700-1", // runs
                    "writeprobe-8-699-1", // its id belongs to another process now
                    "writeprobe-9-700-1", // has ended
                    "writeprobe-9-700-1-mine",
                    "somebody-9-700-1",
                    "writeprobe"
                }) {
            Files.createDirectory(tracefs.resolve("instances").resolve(name));
        }
        assertThatThrownBy(this::create).isInstanceOf(TraceInstance.Unavailable.class);
        assertThat(tracefs.resolve("instances"))
                .isDirectoryNotContaining(p -> p.toString().endsWith("699-1"))
                .isDirectoryNotContaining(
                        p -> p.getFileName().toString().equals("writeprobe-9-700-1"))
                .isDirectoryContaining(p -> p.toString().endsWith("writeprobe-8-700-1"))
                .isDirectoryContaining(p -> p.toString().endsWith("-mine"))
                .isDirectoryContaining(p -> p.toString().endsWith("somebody-9-700-1"))
                .isDirectoryContaining(p -> p.getFileName().toString().equals("writeprobe"));
    }
}
