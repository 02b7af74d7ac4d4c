package io.github.writeprobe.model;

import io.github.writeprobe.probes.trace.Caller;
import io.github.writeprobe.probes.trace.ChangeMaker;
import io.github.writeprobe.probes.trace.MountCall;
import io.github.writeprobe.probes.trace.ProcessIdentity;
import io.github.writeprobe.probes.trace.ProcessOrigin;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Says who changed mounts, in a line of text.
final class MountActorText {
    private static final int MAX_COMMAND = 160;
    private static final int SHORT_ID = 12;
    private static final long MS_RDONLY = 0x1;
    private static final long MS_REMOUNT = 0x20;
    private static final Pattern PLAIN = Pattern.compile("[^\\s'\"`]+");

    private MountActorText() {}

    static String line(MountActor actor) {
        return switch (actor.maker()) {
            case ChangeMaker.NotKnown(String reason) -> "changed by: not known, because " + reason;
            case ChangeMaker.MadeBy made -> {
                String calls =
                        made.calls().stream()
                                .map(call -> call(actor, call))
                                .collect(Collectors.joining("; or "));
                yield calls
                        + (made.more() == 0 ? "" : "; or by one of " + made.more() + " others")
                        + (made.fromElsewhere() ? ", in another mount namespace" : "")
                        + made.doubt().map(doubt -> " (" + doubt + ")").orElse("");
            }
        };
    }

    private static String call(MountActor actor, MountCall call) {
        return verb(call)
                + " at "
                + call.at().truncatedTo(ChronoUnit.MILLIS)
                + " by "
                + caller(actor, call);
    }

    private static String verb(MountCall call) {
        return switch (call.call()) {
            case MOUNT ->
                    (call.flags() & MS_REMOUNT) == 0
                            ? "mounted"
                            : (call.flags() & MS_RDONLY) == 0
                                    ? "remounted writable"
                                    : "remounted read-only";
            case UMOUNT -> "unmounted";
            case MOVE_MOUNT, FSMOUNT, OPEN_TREE -> "mounted";
            case FSCONFIG -> "remounted";
            case MOUNT_SETATTR, PIVOT_ROOT -> "changed";
        };
    }

    private static String caller(MountActor actor, MountCall call) {
        return switch (call.caller()) {
            case Caller.Gone(int pid) ->
                    "pid " + pid + ", which ended before anything else could be read";
            case Caller.Seen(var process, var namespace, var ancestors) ->
                    command(process)
                            + " (pid "
                            + process.pid()
                            + process.uid().map(uid -> ", uid " + uid).orElse("")
                            + ")"
                            + ancestors.stream()
                                    .findFirst()
                                    .map(parent -> ", started by " + quoted(parent.command()))
                                    .orElse("")
                            + origin(actor, call);
        };
    }

    private static String origin(MountActor actor, MountCall call) {
        return switch (actor.originOf(call)) {
            case HOST -> ", from the host";
            case OWN_CONTAINER -> ", in this container";
            case OTHER_CONTAINER -> ", from container " + container(call);
            case UNKNOWN -> "";
        };
    }

    private static String container(MountCall call) {
        return Optional.of(call.caller())
                .filter(Caller.Seen.class::isInstance)
                .map(Caller.Seen.class::cast)
                .map(seen -> seen.process().origin())
                .filter(ProcessOrigin.InContainer.class::isInstance)
                .map(ProcessOrigin.InContainer.class::cast)
                .map(in -> in.id().substring(0, Math.min(SHORT_ID, in.id().length())))
                .orElse("");
    }

    /// Its arguments, or else its program, or else its name. A process may have chosen all three.
    private static String command(ProcessIdentity process) {
        if (!process.arguments().isEmpty()) {
            return quoted(
                    process.arguments().stream()
                            .map(MountActorText::argument)
                            .collect(Collectors.joining(" ")));
        }
        return quoted(process.executable().orElse(process.command()));
    }

    private static String argument(String argument) {
        return PLAIN.matcher(argument).matches()
                ? argument
                : "'" + argument.replace("'", "'\\''") + "'";
    }

    /// A text between backticks, which has none itself: it cannot end before it ends.
    private static String quoted(String text) {
        String cut = text.length() <= MAX_COMMAND ? text : text.substring(0, MAX_COMMAND) + "…";
        return "`" + cut.replace('`', '\'') + "`";
    }
}
