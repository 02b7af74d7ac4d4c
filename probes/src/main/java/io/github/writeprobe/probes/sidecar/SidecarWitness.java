package io.github.writeprobe.probes.sidecar;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ProbeScriptRun;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Probes a container with a shell script that a helper container runs in the container's root
/// directory: one helper for all paths.
///
/// The script is that of `exec`. Every mount is the container's own, so EROFS and a successful
/// write prove the same as with `exec`. The service has the user and the group that the container's
/// first process has now, without its supplementary groups. Its only capability is DAC_OVERRIDE,
/// for root. So EACCES proves less than with `exec`: a group of the service might allow the write.
/// A security module sees the helper, not the service.
///
/// It takes about half a second, to start and remove a container.
public final class SidecarWitness {
    /// The prefix of an error message that the helper prints instead of a transcript.
    private static final String HELPER = "helper: ";

    private final SidecarRunner channel;
    private final String image;
    private final Duration timeout;
    private final boolean execute;

    /// @param image the helper's image, with a `busybox` that prefers its own applets
    /// @param timeout for one helper, from its creation to the end of its output
    /// @param execute whether to run the file that was written
    public SidecarWitness(SidecarRunner channel, String image, Duration timeout, boolean execute) {
        this.channel = requireNonNull(channel);
        this.image = requireNonNull(image);
        this.timeout = requireNonNull(timeout);
        this.execute = execute;
    }

    /// Probes the paths, and every other mount point in the container's mount table.
    ///
    /// @param container the container's id
    /// @param paths absolute paths; others are ignored
    /// @throws InterruptedException if the caller is interrupted; the helper is removed then
    public ProbeResult probe(String container, ProbeIdentity identity, List<String> paths)
            throws InterruptedException {
        ProbeScriptRun run = ProbeScriptRun.start(WitnessName.SIDECAR, identity, paths);
        List<String> command =
                Stream.concat(
                                Stream.of(
                                        "busybox",
                                        "sh",
                                        "-c",
                                        HelperScript.TEXT,
                                        "helper",
                                        identity.label(),
                                        ProbeScriptRun.helperScript(execute, timeout)),
                                run.arguments().stream())
                        .toList();
        return run.finish(
                explainHelperFailure(
                        channel.run(
                                image,
                                container,
                                command,
                                timeout,
                                ProbeScriptRun.MAX_OUTPUT_BYTES)));
    }

    /// A helper that could not run the script prints only an error message.
    private static ExecOutcome explainHelperFailure(ExecOutcome outcome) {
        return outcome instanceof ExecOutcome.Finished(String output) && output.startsWith(HELPER)
                ? helperFailure(output.strip())
                : outcome;
    }

    private static ExecOutcome helperFailure(String message) {
        boolean cannotChroot = message.toLowerCase(Locale.ROOT).contains("root directory");
        return cannotChroot || message.contains("/proc/1/status")
                ? new ExecOutcome.Failed(InconclusiveCause.UNREACHABLE, message)
                : new ExecOutcome.Failed(
                        InconclusiveCause.EXEC_FAILED,
                        "the busybox of probe.sidecar-image does not prefer its own applets, as"
                                + " that of Debian's busybox-static does; "
                                + message);
    }
}
