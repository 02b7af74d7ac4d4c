package io.github.writeprobe.probes.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/// Arguments that are refused before the system call, with the errno that the kernel would return.
class LinuxSyscallsTest {
    private static final long ENAMETOOLONG = -36;
    private static final long EINVAL = -22;
    private static final String LONG = "n".repeat(5000);

    private final LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());

    @Test
    void aNameThatIsTooLong() {
        assertThat(kernel.open(LinuxSyscalls.AT_FDCWD, LONG, LinuxSyscalls.O_PATH, 0))
                .isEqualTo(ENAMETOOLONG);
        assertThat(kernel.openIn(LinuxSyscalls.AT_FDCWD, LONG, LinuxSyscalls.O_PATH, 0, 0))
                .isEqualTo(ENAMETOOLONG);
        assertThat(kernel.unlink(LinuxSyscalls.AT_FDCWD, LONG)).isEqualTo(ENAMETOOLONG);
        assertThat(kernel.readLink(LinuxSyscalls.AT_FDCWD, LONG)).isEmpty();
        assertThat(kernel.files().entryStatus(LinuxSyscalls.AT_FDCWD, LONG)).isEmpty();
        assertThat(kernel.files().readLink(LinuxSyscalls.AT_FDCWD, LONG)).isEmpty();
    }

    @Test
    void moreGroupsThanTheKernelKnows() {
        assertThat(kernel.setGroups(Collections.nCopies(1 << 20, 1))).isEqualTo(EINVAL);
    }
}
