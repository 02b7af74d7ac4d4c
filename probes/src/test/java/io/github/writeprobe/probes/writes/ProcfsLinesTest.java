package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.mounts.MountTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Parses lines of procfs files.
class ProcfsLinesTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void aMappingOfAFileSaysWhetherItMayBeRunOrWrittenThrough() {
        assertThat(
                        MemoryMapping.parse(
                                "7f00-7f01 r-xp 00001000 fe:00 1234                       /usr/lib/a b.so"))
                .contains(new MemoryMapping(false, true, "/usr/lib/a b.so"));
        assertThat(MemoryMapping.parse("7f00-7f01 rw-s 00000000 00:1b 77 /dev/shm/x (deleted)"))
                .contains(new MemoryMapping(true, false, "/dev/shm/x (deleted)"))
                .hasValueSatisfying(m -> assertThat(m.isDeleted()).isTrue())
                .hasValueSatisfying(m -> assertThat(m.isAnonymous()).isFalse());
        assertThat(MemoryMapping.parse("7f00-7f01 r-xp 00000000 00:1b 77 /two\\012lines"))
                .contains(new MemoryMapping(false, true, "/two\nlines"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f00-7f01 rw-p 00000000 fe:00 1234 /usr/lib/a.so",
                "7f00-7f01 r--s 00000000 fe:00 1234 /usr/lib/a.so",
                "7f00-7f01 r-xp 00000000 00:00 0                          [vdso]",
                "7f00-7f01 rwxp 00000000 00:00 0 ",
                "7f00-7f01 r-xp 00000000 00:00 0 /nothing",
                "7f00-7f01 r-x 00000000 fe:00 1234 /usr/lib/a.so",
                "no mapping",
                ""
            })
    void whatIsNoFileThatIsRunOrWrittenThroughIsNoMapping(String line) {
        assertThat(MemoryMapping.parse(line)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/memfd:doublemapper (deleted)",
                "/SYSV00000000 (deleted)",
                "/dev/zero (deleted)",
                "/[aio] (deleted)"
            })
    void memoryThatProcessesShareIsNoFile(String name) {
        assertThat(new MemoryMapping(true, false, name).isAnonymous()).isTrue();
    }

    @Test
    void aSocketWithANameIsOneThatIsBound() {
        assertThat(
                        ProcNetUnixEntry.parse(
                                "0000000000000000: 00000002 00000000 00010000 0001 01 4711"
                                        + " /run/my app.sock"))
                .contains(new ProcNetUnixEntry(4711, "/run/my app.sock"));
        assertThat(
                        ProcNetUnixEntry.parse(
                                "ffff8881: 00000002 00000000 00000000 0002 01    12 relative"))
                .contains(new ProcNetUnixEntry(12, "relative"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Num       RefCount Protocol Flags    Type St Inode Path",
                "0000000000000000: 00000003 00000000 00000000 0001 03 4711",
                "0000000000000000: 00000002 00000000 00010000 0001 01 4711 @abstract",
                "0000000000000000: 00000002 00000000 00010000 0001 01 99999999999999999999 /x",
                "the second line of a name",
                ""
            })
    void unnamedSocketIsIgnored(String line) {
        assertThat(ProcNetUnixEntry.parse(line)).isEmpty();
    }

    private static final MountTable MOUNTS =
            MountTable.parse(
                    """
                    1 0 0:1 / / rw - ext4 /dev/a rw
                    2 1 0:2 / /sys/fs/cgroup rw - tmpfs t rw
                    3 2 0:3 / /sys/fs/cgroup/unified rw - cgroup2 c rw
                    4 2 0:4 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup c rw,cpu,cpuacct
                    5 2 0:5 /part /sys/fs/cgroup/pids rw - cgroup c rw,pids
                    """);

    @Test
    void aContainersCgroupsAreFoundInEachHierarchyThatNamesIt() {
        String cgroups =
                """
                9:pids:/part/docker/%1$s
                4:cpu,cpuacct:/docker/%1$s
                3:freezer:/docker/%1$s
                2:name=systemd:/
                0::/system.slice/docker-%1$s.scope
                """
                        .formatted(ID);
        assertThat(ContainerProcessFinder.cgroupPaths(cgroups, ID, MOUNTS))
                .containsExactly(
                        "/sys/fs/cgroup/pids/docker/" + ID,
                        "/sys/fs/cgroup/cpu,cpuacct/docker/" + ID,
                        "/sys/fs/cgroup/unified/system.slice/docker-" + ID + ".scope");
    }

    @Test
    void cgroupWithoutAContainerIdIsIgnored() {
        assertThat(ContainerProcessFinder.cgroupPaths("0::/\n1:cpu:/\nnonsense\n", ID, MOUNTS))
                .isEmpty();
        assertThat(ContainerProcessFinder.cgroupPaths("9:pids:/elsewhere/" + ID, ID, MOUNTS))
                .isEmpty();
    }
}
