package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.kernel.HostFacts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessOriginTest {
    private static final String ID = "ab".repeat(32);
    private static final Optional<String> HOSTS = Optional.of(HostFacts.INITIAL_PID_NAMESPACE);
    private static final Optional<String> OTHER = Optional.of("pid:[4026532000]");

    @Test
    void aCgroupIsNamedAfterItsContainer() {
        for (String cgroup :
                List.of(
                        "4:memory:/docker/" + ID,
                        "0::/system.slice/docker-" + ID + ".scope",
                        "0::/kubepods/pod1/" + ID,
                        "0::/docker/" + "cd".repeat(32) + "/docker/" + ID,
                        "0::/machine.slice/libpod-" + ID + ".scope/container")) {
            assertThat(ProcessOrigin.of(cgroup, OTHER))
                    .isEqualTo(new ProcessOrigin.InContainer(ID));
        }
    }

    @Test
    void aContainersMonitorIsOfTheHost() {
        assertThat(ProcessOrigin.of("0::/machine.slice/libpod-conmon-" + ID + ".scope", HOSTS))
                .isEqualTo(new ProcessOrigin.Host());
    }

    @Test
    void onlyAProcessInTheHostsPidNamespaceIsOfTheHost() {
        assertThat(ProcessOrigin.of("0::/user.slice", HOSTS)).isEqualTo(new ProcessOrigin.Host());
        assertThat(ProcessOrigin.of("0::/user.slice", OTHER))
                .isEqualTo(new ProcessOrigin.Unknown());
        assertThat(ProcessOrigin.of("0::/user.slice", Optional.empty()))
                .isEqualTo(new ProcessOrigin.Unknown());
        assertThat(ProcessOrigin.of("", HOSTS)).isEqualTo(new ProcessOrigin.Unknown());
    }

    @Test
    void nsenterTakesItsOriginWithIt() {
        ProcessIdentity mount = process(8, new ProcessOrigin.Unknown());
        ProcessIdentity nsenter = process(7, new ProcessOrigin.Host());
        ProcessIdentity shell = process(6, new ProcessOrigin.InContainer(ID));
        assertThat(mount.startedBy(List.of(mount, nsenter)).origin())
                .isEqualTo(new ProcessOrigin.Host());
        assertThat(shell.startedBy(List.of(nsenter)).origin())
                .isEqualTo(new ProcessOrigin.InContainer(ID));
        assertThat(mount.startedBy(List.of()).origin()).isEqualTo(new ProcessOrigin.Unknown());
    }

    private static ProcessIdentity process(int pid, ProcessOrigin origin) {
        return new ProcessIdentity(
                pid, 1, "mount", Optional.empty(), List.of(), Optional.empty(), origin);
    }
}
