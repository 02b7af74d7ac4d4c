package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.SyscallAvailability;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.procfs.TestContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The processes of a container. Needs root.
class ContainerProcessFinderIT {
    private static Set<Integer> members(TestContainer container) {
        LinuxSyscalls kernel =
                new LinuxSyscalls(
                        ((SyscallAvailability.Available) SyscallAvailability.detect()).abi());
        try (ContainerFilesystem filesystem =
                ContainerFilesystem.openContainer(kernel, container.pid(), container.id())
                        .filesystem()
                        .orElseThrow()) {
            return new ContainerProcessFinder(
                            filesystem,
                            new ProcessMembership(filesystem, container.id()),
                            container.id(),
                            container.pid())
                    .list();
        }
    }

    @Test
    void withoutACgroupOfItsNameThoseThatShareItsMountsAreMeant() throws Exception {
        try (TestContainer container = TestContainer.start("");
                TestContainer other = TestContainer.start("")) {
            Process process = container.startScript("exec busybox sleep 60");
            long until = System.nanoTime() + 10_000_000_000L;
            while (!members(container).contains((int) process.pid()) && System.nanoTime() < until) {
                Thread.sleep(20);
            }
            assertThat(members(container))
                    .contains((int) container.pid(), (int) process.pid())
                    .doesNotContain((int) other.pid(), (int) ProcessHandle.current().pid());
            process.destroyForcibly();
        }
    }

    /// The engine may have named only a cgroup of one version after the container.
    @ParameterizedTest
    @ValueSource(strings = {"cgroup", "cgroup2"})
    void aCgroupOfItsNameAndThoseBelowListIt(String filesystem) throws Exception {
        Path hierarchy =
                Group.hierarchy(filesystem)
                        .orElseGet(() -> abort("no " + filesystem + " is mounted here"));
        try (TestContainer container = TestContainer.start("");
                TestContainer nested = TestContainer.start("");
                Group group = Group.of(hierarchy, container.id());
                Group child = group.child("below")) {
            // Shares only the cgroup with it, as other processes that an engine starts may.
            child.addProcess(nested.pid());
            Process visitor = container.startScript("exec busybox sleep 60");
            group.addProcess(container.pid());
            assertThat(members(container))
                    .containsExactly((int) container.pid(), (int) nested.pid());
            visitor.destroyForcibly();
        }
    }

    private record Group(Path directory) implements AutoCloseable {
        /// Where a test can create a cgroup of that version.
        static Optional<Path> hierarchy(String filesystem) throws IOException {
            return MountTable.parse(Files.readString(Path.of("/proc/self/mountinfo")))
                    .reachable()
                    .stream()
                    .filter(m -> m.filesystem().equals(filesystem))
                    .filter(m -> m.root().equals("/"))
                    .filter(m -> !m.superOptions().contains("cpuset"))
                    .map(m -> Path.of(m.mountPoint()))
                    .findFirst();
        }

        static Group of(Path hierarchy, String name) throws IOException {
            return new Group(Files.createDirectory(hierarchy.resolve("writeprobe-" + name)));
        }

        Group child(String name) throws IOException {
            return new Group(Files.createDirectory(directory.resolve(name)));
        }

        void addProcess(long pid) throws IOException {
            Files.writeString(directory.resolve("cgroup.procs"), Long.toString(pid));
        }

        /// The kernel removes no cgroup that still has processes.
        @Override
        public void close() throws IOException {
            for (String pid : Files.readAllLines(directory.resolve("cgroup.procs"))) {
                Files.writeString(directory.resolveSibling("cgroup.procs"), pid);
            }
            Files.delete(directory);
        }
    }
}
