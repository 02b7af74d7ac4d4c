package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.known.Lifetime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A directory to mount on, and all that was written in it. It grows while places are put together.
final class MountPlace {
    /// That it has to be writable even if nothing was written.
    ///
    /// @param reason for people
    record Requirement(Lifetime lifetime, String reason, boolean execute) {}

    private final String path;
    private final List<JudgedTrace> members = new ArrayList<>();
    private final List<Requirement> requirements = new ArrayList<>();
    private final Set<Lifetime> lifetimes = EnumSet.noneOf(Lifetime.class);
    private boolean pinned;
    private boolean unclear;
    private boolean executed;
    private long bytes;

    MountPlace(String path) {
        this.path = requireNonNull(path);
    }

    String path() {
        return path;
    }

    List<JudgedTrace> members() {
        return Collections.unmodifiableList(members);
    }

    List<Requirement> requirements() {
        return Collections.unmodifiableList(requirements);
    }

    /// Whether it is known beforehand, and is not to be moved.
    boolean isPinned() {
        return pinned;
    }

    /// Whether something was run from there.
    boolean needsExec() {
        return executed;
    }

    /// What all files together were seen to take.
    long bytes() {
        return bytes;
    }

    void pin() {
        pinned = true;
    }

    void add(JudgedTrace judged) {
        members.add(judged);
        judged.lifetime().ifPresent(lifetimes::add);
        unclear |= judged.lifetime().isEmpty() && !judged.trace().gone();
        executed |= judged.execute() || judged.trace().executed();
        bytes += judged.trace().bytes();
    }

    void add(Requirement requirement) {
        requirements.add(requirement);
        lifetimes.add(requirement.lifetime());
        executed |= requirement.execute();
    }

    /// Takes over all that is in another place.
    void merge(MountPlace other) {
        other.members.forEach(this::add);
        other.requirements.forEach(this::add);
    }

    /// How long what is written there has to last; empty if that cannot be told. One file that has
    /// to last is reason enough.
    ///
    /// @param diffComplete whether all that stays is known: then what went again was not to stay
    Optional<Lifetime> lifetime(boolean diffComplete) {
        if (lifetimes.contains(Lifetime.PERSISTENT)) {
            return Optional.of(Lifetime.PERSISTENT);
        }
        if (unclear || (lifetimes.isEmpty() && !diffComplete)) {
            return Optional.empty();
        }
        return Optional.of(
                lifetimes.equals(Set.of(Lifetime.LOG)) ? Lifetime.LOG : Lifetime.EPHEMERAL);
    }

    List<Trace> traces() {
        return members.stream().map(JudgedTrace::trace).toList();
    }
}
