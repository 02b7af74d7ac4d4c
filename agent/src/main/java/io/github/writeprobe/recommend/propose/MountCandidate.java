package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.known.Lifetime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A possible mount point with everything that was written below it. [MountPointChooser] merges
/// candidates.
final class MountCandidate {
    /// A reason why the place has to be writable even if no write was seen.
    ///
    /// @param reason for people
    record Requirement(Lifetime lifetime, String reason, boolean execute) {}

    private final String path;
    private final List<PathLifetimeDecision> members = new ArrayList<>();
    private final List<Requirement> requirements = new ArrayList<>();
    private final Set<Lifetime> lifetimes = EnumSet.noneOf(Lifetime.class);
    private final boolean diffComplete;
    private boolean pinned;
    private boolean lasting;
    private Optional<String> tmpfsObstacle = Optional.empty();
    private boolean executed;
    private long bytes;

    /// @param diffComplete whether `docker diff` was available. Then a file that was written and is
    ///   gone did not have to be kept
    MountCandidate(String path, boolean diffComplete) {
        this.path = requireNonNull(path);
        this.diffComplete = diffComplete;
    }

    /// A candidate without members for another directory.
    MountCandidate emptyAt(String directory) {
        return new MountCandidate(directory, diffComplete);
    }

    String path() {
        return path;
    }

    List<PathLifetimeDecision> members() {
        return Collections.unmodifiableList(members);
    }

    List<Requirement> requirements() {
        return Collections.unmodifiableList(requirements);
    }

    /// Whether the mount point is already known and must not be moved.
    boolean isPinned() {
        return pinned;
    }

    /// Whether something was executed there.
    boolean needsExec() {
        return executed;
    }

    /// The size of all files that were seen.
    long bytes() {
        return bytes;
    }

    void pin() {
        pinned = true;
    }

    void add(PathLifetimeDecision judged) {
        members.add(judged);
        judged.lifetime().ifPresent(lifetimes::add);
        lasting |= isLasting(judged);
        executed |= judged.execute() || judged.trace().executed();
        bytes += judged.trace().bytes();
    }

    void add(Requirement requirement) {
        requirements.add(requirement);
        lifetimes.add(requirement.lifetime());
        lasting |= requirement.lifetime() == Lifetime.PERSISTENT;
        executed |= requirement.execute();
    }

    /// Adds everything of another place to this one.
    void merge(MountCandidate other) {
        other.members.forEach(this::add);
        other.requirements.forEach(this::add);
        lasting |= other.lasting;
    }

    /// Whether something there must outlive the container, or may have to.
    boolean isLasting() {
        return lasting;
    }

    /// Makes it lasting because of what is below it.
    void markLasting() {
        lasting = true;
    }

    /// Why it gets a volume although nothing there has to outlive the container.
    Optional<String> tmpfsObstacle() {
        return tmpfsObstacle;
    }

    void setTmpfsObstacle(Optional<String> reason) {
        tmpfsObstacle = reason;
    }

    boolean needsVolume() {
        return lasting || tmpfsObstacle.isPresent();
    }

    /// Whether this must outlive the container, or may have to.
    boolean isLasting(PathLifetimeDecision judged) {
        return judged.lifetime()
                .map(lifetime -> lifetime == Lifetime.PERSISTENT)
                .orElse(!judged.trace().gone() || !diffComplete);
    }

    /// The lifetime of what is written there; empty if it is not known. One file that must be kept
    /// makes the whole place persistent.
    Optional<Lifetime> lifetime() {
        if (lifetimes.contains(Lifetime.PERSISTENT)) {
            return Optional.of(Lifetime.PERSISTENT);
        }
        if (lasting) {
            return Optional.empty();
        }
        return Optional.of(
                lifetimes.equals(Set.of(Lifetime.LOG)) ? Lifetime.LOG : Lifetime.EPHEMERAL);
    }

    List<WriteEvidence> traces() {
        return members.stream().map(PathLifetimeDecision::trace).toList();
    }
}
