package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The container that a proposal is for. All its texts are untrusted.
///
/// @param environment of the container, including that of the image
/// @param command entry point and arguments
/// @param imageVolumes the image's VOLUMEs, normalised paths
/// @param workingDirectory empty for `/`
/// @param healthCheck whether the container has one
/// @param imageLabels labels of the image
/// @param uid of its first process, in the container's user namespace, if known
/// @param gid of its first process, in the container's user namespace, if known
/// @param state what is known of its life so far
public record ProposalTarget(
        Container container,
        Map<String, String> environment,
        List<String> command,
        Set<String> imageVolumes,
        String workingDirectory,
        boolean healthCheck,
        Map<String, String> imageLabels,
        Optional<Long> uid,
        Optional<Long> gid,
        State state) {
    /// What is known of a container's life so far.
    ///
    /// @param restarting whether the engine restarts it again and again
    /// @param created when it was created; empty if that is unknown
    /// @param programs names of its first process and the processes below it, as they are now. An
    ///   entry script may have become another program
    /// @param refused paths that it could not write, according to its log
    /// @param lost paths that were gone after a clone was restarted, although they have to last
    public record State(
            boolean restarting,
            Optional<Instant> created,
            Set<String> programs,
            List<String> refused,
            Set<String> lost) {
        /// Nothing is known of its life.
        public static final State UNKNOWN =
                new State(false, Optional.empty(), Set.of(), List.of(), Set.of());

        public State {
            requireNonNull(created);
            programs = Set.copyOf(programs);
            refused = List.copyOf(refused);
            lost = Set.copyOf(lost);
        }
    }

    public ProposalTarget withLost(Set<String> paths) {
        return with(
                new State(
                        state.restarting(),
                        state.created(),
                        state.programs(),
                        state.refused(),
                        paths));
    }

    public ProposalTarget with(State newState) {
        return new ProposalTarget(
                container,
                environment,
                command,
                imageVolumes,
                workingDirectory,
                healthCheck,
                imageLabels,
                uid,
                gid,
                newState);
    }

    public ProposalTarget {
        requireNonNull(container);
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
        imageVolumes = Set.copyOf(imageVolumes);
        requireNonNull(workingDirectory);
        imageLabels = Map.copyOf(imageLabels);
        requireNonNull(uid);
        requireNonNull(gid);
        requireNonNull(state);
    }
}
