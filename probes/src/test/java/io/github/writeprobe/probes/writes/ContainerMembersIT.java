package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.KernelAccess;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.procfs.TestContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The processes of a container. Needs root.
class ContainerMembersIT {
    private static Set<Integer> members(TestContainer container) {
        Kernel kernel = new Kernel(((KernelAccess.Available) KernelAccess.detect()).abi());
        try (ContainerFilesystem filesystem =
                ContainerFilesystem.openContainer(kernel, container.pid(), container.id())
                        .filesystem()
                        .orElseThrow()) {
            return new ContainerMembers(
                            filesystem,
                            new ProcessOwners(filesystem, container.id()),
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

    @Test
    void aCgroupOfItsNameAndThoseBelowListIt() throws Exception {
        try (TestContainer container = TestContainer.start("");
                TestContainer nested = TestContainer.start("");
                Group group = Group.of(container.id());
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

    /// A cgroup in the first hierarchy where a test can create one.
    private record Group(Path directory) implements AutoCloseable {
        static Group of(String name) throws IOException {
            Path top =
                    MountTable.parse(Files.readString(Path.of("/proc/self/mountinfo")))
                            .reachable()
                            .stream()
                            .filter(m -> m.filesystem().startsWith("cgroup"))
                            .filter(m -> m.root().equals("/"))
                            .filter(m -> !m.superOptions().contains("cpuset"))
                            .min(Comparator.comparing(m -> !m.filesystem().equals("cgroup2")))
                            .map(MountEntry::mountPoint)
                            .map(Path::of)
                            .orElseThrow(() -> new AssertionError("no cgroups are mounted here"));
            return new Group(Files.createDirectory(top.resolve("writeprobe-" + name)));
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
