package io.github.writeprobe.probes.sidecar;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ScriptRun;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Asks about a container by a shell script that a helper container runs in its root directory: one
/// helper for all paths.
///
/// The script is exec's, and so is what it proves, for every mount is the container's own. As the
/// service it is the user and the group that the container's first process runs as now, without its
/// supplementary groups, and with none of its capabilities but DAC_OVERRIDE for root. So EACCES
/// says a little less than exec's: a group of the service might have let it write. EROFS says the
/// same. A security module sees the helper, not the service.
///
/// It takes a container's start and end, about half a second.
public final class SidecarWitness {
    /// What the helper prints in place of a transcript.
    private static final String HELPER = "helper: ";

    private final SidecarChannel channel;
    private final String image;
    private final Duration timeout;
    private final boolean execute;

    /// @param image the helper's: one with a `busybox` that prefers its own applets
    /// @param timeout for one helper, from its making to the end of its output
    /// @param execute whether to run the file that was written
    public SidecarWitness(SidecarChannel channel, String image, Duration timeout, boolean execute) {
        this.channel = requireNonNull(channel);
        this.image = requireNonNull(image);
        this.timeout = requireNonNull(timeout);
        this.execute = execute;
    }

    /// Probes the paths, and every mount point that the container's mount table has besides.
    ///
    /// @param container its id
    /// @param paths absolute; one that is not is never tried
    /// @throws InterruptedException if the caller is interrupted; the helper is removed then
    public ProbeResult probe(String container, Identity identity, List<String> paths)
            throws InterruptedException {
        ScriptRun run = ScriptRun.start(WitnessName.SIDECAR, identity, paths);
        List<String> command =
                Stream.concat(
                                Stream.of(
                                        "busybox",
                                        "sh",
                                        "-c",
                                        HelperScript.TEXT,
                                        "helper",
                                        identity.label(),
                                        ScriptRun.helperScript(execute, timeout)),
                                run.arguments().stream())
                        .toList();
        return run.finish(
                explainHelperFailure(
                        channel.run(
                                image, container, command, timeout, ScriptRun.MAX_OUTPUT_BYTES)));
    }

    /// A helper that did not come to where it was to run the script says so, and nothing else.
    private static ExecOutcome explainHelperFailure(ExecOutcome outcome) {
        return outcome instanceof ExecOutcome.Finished(String output) && output.startsWith(HELPER)
                ? helperFailure(output.strip())
                : outcome;
    }

    private static ExecOutcome helperFailure(String message) {
        boolean cannotChroot = message.toLowerCase(Locale.ROOT).contains("root directory");
        return cannotChroot || message.contains("/proc/1/status")
                ? new ExecOutcome.Failed(Cause.UNREACHABLE, message)
                : new ExecOutcome.Failed(
                        Cause.EXEC_FAILED,
                        "the busybox of probe.sidecar-image does not bring its applets along, as"
                                + " that of Debian's busybox-static does; "
                                + message);
    }
}
