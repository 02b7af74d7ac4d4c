package io.github.writeprobe.probes.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.kernel.HostFacts.Cgroups;
import io.github.writeprobe.probes.kernel.HostFacts.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostFactsTest {
    @TempDir Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void link(String file, String target) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, Path.of(target));
    }

    @Test
    void readsAProcessOfTheHost() throws IOException {
        write("proc/sys/kernel/osrelease", "6.1.0-41-amd64\n");
        write("proc/self/status", "Name:\tjava\nSeccomp:\t0\nSeccomp_filters:\t0\n");
        write("proc/self/attr/current", "unconfined\n\0");
        write("sys/fs/cgroup/cgroup.controllers", "cpu io\n");
        link("proc/self/ns/pid", "pid:[4026531836]");
        link("proc/self/ns/user", "user:[4026531837]");

        assertThat(HostFacts.read(root))
                .isEqualTo(
                        new HostFacts(
                                "6.1.0-41-amd64",
                                Namespace.INITIAL,
                                Namespace.INITIAL,
                                Cgroups.V2,
                                "unconfined",
                                false));
    }

    @Test
    void readsAProcessInAContainer() throws IOException {
        write("proc/sys/kernel/osrelease", "5.4.0\n");
        write("proc/self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n");
        write("proc/self/attr/current", "docker-default (enforce)\n");
        write("sys/fs/cgroup/memory/tasks", "");
        link("proc/self/ns/pid", "pid:[4026532201]");
        link("proc/self/ns/user", "user:[4026532200]");

        assertThat(HostFacts.read(root))
                .isEqualTo(
                        new HostFacts(
                                "5.4.0",
                                Namespace.OTHER,
                                Namespace.OTHER,
                                Cgroups.V1,
                                "docker-default (enforce)",
                                true));
    }

    @Test
    void withoutProcfsNothingIsKnown() {
        assertThat(HostFacts.read(root))
                .isEqualTo(
                        new HostFacts(
                                "", Namespace.UNKNOWN, Namespace.UNKNOWN, Cgroups.NONE, "", false));
    }

    @Test
    void bothVersionsOfCgroupsMayBeMounted() throws IOException {
        write("sys/fs/cgroup/memory/tasks", "");
        write("sys/fs/cgroup/unified/cgroup.controllers", "");

        assertThat(HostFacts.read(root).cgroups()).isEqualTo(Cgroups.HYBRID);
    }

    @ParameterizedTest
    @CsvSource({
        "5.8.0-63-generic, true",
        "5.7.19, false",
        "4.18.0-553.el8_10, false",
        "6.0.1, true",
        "10.2, true",
        "'', true",
    })
    void comparesKernelVersionsAsNumbers(String release, boolean expected) {
        HostFacts facts =
                new HostFacts(
                        release, Namespace.UNKNOWN, Namespace.UNKNOWN, Cgroups.NONE, "", false);

        assertThat(facts.isAtLeast(5, 8)).isEqualTo(expected);
    }
}
