package io.github.writeprobe.probes.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The script in a shell of this machine, as the leader of its process group, as in an exec.
@Timeout(30)
class ProbeScriptTest {
    /// As by ExecSync of the CRI, where the runtime limits the time.
    @Test
    void withoutAnInputItRunsToItsEnd() throws Exception {
        String text = ProbeScript.text(false).replace("/proc/self/mountinfo", "/dev/null");
        Process script =
                new ProcessBuilder("setsid", "sh", "-c", text, "writeprobe", "7", "/proc")
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .start();

        assertThat(new String(script.getInputStream().readAllBytes(), UTF_8))
                .startsWith("15 START\n")
                .endsWith("15 END\n");
        assertThat(script.waitFor()).isZero();
    }
}
