package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The lines of `trace_pipe`, as Linux 6.18 prints them.
class TraceLineParserTest {
    private static final String FIELDS =
            "-7323    [000] ..... 35592.473041: sys_mount(dev_name: 0x560182323a80, dir_name:"
                    + " 0x560182323aa0, type: 0x560182323ae0, flags: 0x200021, data: 0)";
    private static final TraceEvent ENTERED =
            new TraceEvent.Entered(7323, 35_592_473_041_000L, MountSyscall.MOUNT, 0x200021);

    private static TraceEvent parsed(String line) {
        return TraceLineParser.parse(line).orElseThrow();
    }

    @Test
    void aCallHasItsThreadItsTimeAndItsFlags() {
        assertThat(parsed("           mount" + FIELDS)).isEqualTo(ENTERED);
        assertThat(
                        parsed(
                                "          umount-6529    [001] .N... 35592.480864:"
                                        + " sys_umount(name: 0x55cfebd1f2e0, flags: 0)"))
                .isEqualTo(
                        new TraceEvent.Entered(6529, 35_592_480_864_000L, MountSyscall.UMOUNT, 0));
    }

    @Test
    void aResultIsNegativeIfTheCallFailed() {
        String line = "  mount-6525    [000] .N... 35592.468571: sys_mount -> 0x";
        assertThat(parsed(line + "0"))
                .isEqualTo(
                        new TraceEvent.Returned(6525, 35_592_468_571_000L, MountSyscall.MOUNT, 0));
        assertThat(parsed(line + "fffffffffffffff3"))
                .isEqualTo(
                        new TraceEvent.Returned(
                                6525, 35_592_468_571_000L, MountSyscall.MOUNT, -13));
    }

    /// A command may have any name of up to fifteen bytes, also one with a newline: then a line
    /// begins within it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-9 [0] x 1.0: s",
                "a-1    [000] ..",
                "x) -> 0x0",
                "sys_mount -> 0x",
                "-1 [000] .....",
                "[0] -2",
                "CPU:0 [LOST 9 E",
                "<...>",
                ""
            })
    void theNameOfACommandChangesNothing(String name) {
        assertThat(parsed(name + FIELDS)).isEqualTo(ENTERED);
        assertThat(parsed("   " + name + " " + FIELDS)).isEqualTo(ENTERED);
    }

    /// Linux prints paths too since 6.19. They come before the flags.
    @Test
    void aPathInALineIsNotItsFlags() {
        assertThat(
                        parsed(
                                "mount-7323    [000] ..... 35592.473041: sys_mount(dev_name:"
                                        + " 0x5601 \"x, flags: 0x1\", dir_name: 0x5602 \"/(a)\","
                                        + " type: 0x0, flags: 0x200021, data: 0)"))
                .isEqualTo(ENTERED);
    }

    @Test
    void lostEventsAreCounted() {
        assertThat(parsed("CPU:1 [LOST 123 EVENTS]")).isEqualTo(new TraceEvent.Lost(123));
        assertThat(parsed("CPU:1 [LOST EVENTS]")).isEqualTo(new TraceEvent.Lost(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# tracer: nop",
                "cat-1    [000] ..... 1.000001: sys_openat(dfd: 0x1)",
                "mount-99999999999    [000] ..... 1.000001: sys_mount -> 0x0",
                "mount-1    [000] ..... 99999999999999999999.000001: sys_mount -> 0x0"
            })
    void otherLinesSayNothing(String line) {
        assertThat(TraceLineParser.parse(line)).isEmpty();
    }
}
