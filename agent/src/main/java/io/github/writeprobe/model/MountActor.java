package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.trace.Caller;
import io.github.writeprobe.probes.trace.ChangeMaker;
import io.github.writeprobe.probes.trace.MountCall;
import io.github.writeprobe.probes.trace.ProcessOrigin;
import java.util.Set;
import java.util.stream.Collectors;

/// Who changed the mounts of a container.
///
/// @param container its id
public record MountActor(ChangeMaker maker, String container) {
    public MountActor {
        requireNonNull(maker);
        requireNonNull(container);
    }

    /// From where the change was made; unknown if the calls that can have made it differ in that.
    public ChangeOrigin origin() {
        return switch (maker) {
            case ChangeMaker.MadeBy made when made.more() == 0 && made.doubt().isEmpty() -> {
                Set<ChangeOrigin> all =
                        made.calls().stream().map(this::originOf).collect(Collectors.toSet());
                yield all.size() == 1 ? all.iterator().next() : ChangeOrigin.UNKNOWN;
            }
            case ChangeMaker.MadeBy _, ChangeMaker.NotKnown _ -> ChangeOrigin.UNKNOWN;
        };
    }

    /// From where a call was made.
    public ChangeOrigin originOf(MountCall call) {
        return switch (call.caller()) {
            case Caller.Gone _ -> ChangeOrigin.UNKNOWN;
            case Caller.Seen seen ->
                    switch (seen.process().origin()) {
                        case ProcessOrigin.Host() -> ChangeOrigin.HOST;
                        case ProcessOrigin.InContainer(String id) ->
                                id.equals(container)
                                        ? ChangeOrigin.OWN_CONTAINER
                                        : ChangeOrigin.OTHER_CONTAINER;
                        case ProcessOrigin.Unknown() -> ChangeOrigin.UNKNOWN;
                    };
        };
    }

    /// The same in a line of text.
    public String line() {
        return MountActorText.line(this);
    }
}
